#include "CKernels.h"
#include "VectorMath.h"
#include "VectorMath512.h"
#include <math.h>

// Which width of SLEEF serves here; see VectorMath.h for why each is compiled on its own.

#if defined(__x86_64__)
#define ABS128(x) _mm_and_ps(x, _mm_castsi128_ps(_mm_set1_epi32(0x7fffffff)))
VM_FUNCTIONS(vm_functions_128, __m128, 4, sse2, _mm, ABS128)

static const vm_functions *functions(void) {
  // "avx512", "avx2" or "baseline": told apart by the fourth letter.
  switch (ck_instruction_set()[3]) {
  case '5': return &vm_functions_512;
  case '2': return &vm_functions_256;
  default: return &vm_functions_128;
  }
}
#else
#define SCALAR(name, expression)                                                                           \
  static void name(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {       \
    for (ptrdiff_t i = 0; i < n; i++) {                                                                    \
      float x = a[i];                                                                                      \
      d[i] = expression;                                                                                   \
    }                                                                                                      \
  }
SCALAR(exp_, expf(x))
SCALAR(expm1_, expm1f(x))
SCALAR(log_, logf(x))
SCALAR(log1p_, log1pf(x))
SCALAR(erf_, erff(x))
SCALAR(sin_, sinf(x))
SCALAR(cos_, cosf(x))
SCALAR(tanh_, tanhf(x))
SCALAR(sigmoid_, 1.0f / (1.0f + expf(-x)))
SCALAR(softplus_, fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))))
SCALAR(power_constant_, powf(x, p))
SCALAR(power_, powf(x, b[i]))

static const vm_functions *functions(void) {
  static const vm_functions table = {exp_, expm1_, log_,     log1p_,    erf_,            sin_,
                                     cos_, tanh_,  sigmoid_, softplus_, power_constant_, power_};
  return &table;
}
#endif

ck_function ck_math_function(int operation) {
  const vm_functions *f = functions();
  switch (operation) {
  case CK_EXP: return f->exp;
  case CK_EXPM1: return f->expm1;
  case CK_LOG: return f->log;
  case CK_LOG1P: return f->log1p;
  case CK_ERF: return f->erf;
  case CK_SIN: return f->sin;
  case CK_COS: return f->cos;
  case CK_TANH: return f->tanh;
  case CK_SIGMOID: return f->sigmoid;
  case CK_SOFTPLUS: return f->softplus;
  case CK_POWER_CONSTANT: return f->power_constant;
  case CK_POWER: return f->power;
  default: return 0;
  }
}
