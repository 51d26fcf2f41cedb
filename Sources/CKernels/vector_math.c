#include "CKernels.h"
#include <math.h>
#include <string.h>

// Transcendental functions by SLEEF (1.0 ULP), a vector at a time. The last vector is padded, never done by another
// function, so an element's bits do not depend on where it stands.

#if defined(__x86_64__)
#include <immintrin.h>

#define DECLARE(V, suffix, W)               \
  V Sleef_expf##W##_u10##suffix(V);         \
  V Sleef_expm1f##W##_u10##suffix(V);       \
  V Sleef_logf##W##_u10##suffix(V);         \
  V Sleef_log1pf##W##_u10##suffix(V);       \
  V Sleef_erff##W##_u10##suffix(V);         \
  V Sleef_sinf##W##_u10##suffix(V);         \
  V Sleef_cosf##W##_u10##suffix(V);         \
  V Sleef_tanhf##W##_u10##suffix(V);        \
  V Sleef_powf##W##_u10##suffix(V, V);

#define APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, name, expression)                                                 \
  __attribute__((target(TARGET))) static void name##_##isa(float *d, const float *a, const float *b, const float *c,    \
                                                           float p, ptrdiff_t n) {                                      \
    ptrdiff_t i = 0;                                                                                                    \
    V y = SET1(p);                                                                                                      \
    (void)y;                                                                                                            \
    for (; i + W <= n; i += W) {                                                                                        \
      V x = LOADU(a + i);                                                                                               \
      BINARY_OPERAND(LOADU(b + i))                                                                                      \
      STOREU(d + i, expression);                                                                                        \
    }                                                                                                                   \
    if (i < n) {                                                                                                        \
      float buffer[W] = {0}, other[W] = {0};                                                                            \
      memcpy(buffer, a + i, (size_t)(n - i) * sizeof(float));                                                           \
      V x = LOADU(buffer);                                                                                              \
      BINARY_OPERAND((memcpy(other, b + i, (size_t)(n - i) * sizeof(float)), LOADU(other)))                             \
      (void)other;                                                                                                      \
      STOREU(buffer, expression);                                                                                       \
      memcpy(d + i, buffer, (size_t)(n - i) * sizeof(float));                                                           \
    }                                                                                                                   \
  }

#define ALL(isa, TARGET, V, W, LOADU, STOREU, SET1, S, ADD, SUB, DIV, MAX, AND, CASTF)                                  \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, exp_, Sleef_expf##S(x))                                                 \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, expm1_, Sleef_expm1f##S(x))                                             \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, log_, Sleef_logf##S(x))                                                 \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, log1p_, Sleef_log1pf##S(x))                                             \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, erf_, Sleef_erff##S(x))                                                 \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, sin_, Sleef_sinf##S(x))                                                 \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, cos_, Sleef_cosf##S(x))                                                 \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, tanh_, Sleef_tanhf##S(x))                                               \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, sigmoid_, DIV(SET1(1.0f), ADD(SET1(1.0f), Sleef_expf##S(SUB(SET1(0.0f), x))))) \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, softplus_,                                                              \
        ADD(MAX(SET1(0.0f), x), Sleef_log1pf##S(Sleef_expf##S(SUB(SET1(0.0f), AND(x, CASTF(0x7fffffff)))))))            \
  APPLY(isa, TARGET, V, W, LOADU, STOREU, SET1, power_constant_, Sleef_powf##S(x, y))

#define BINARY_OPERAND(value)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq"))), apply_to = function)
DECLARE(__m512, avx512f, 16)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
DECLARE(__m256, avx2, 8)
#pragma clang attribute pop
DECLARE(__m128, sse2, 4)

#define INT512(x) _mm512_castsi512_ps(_mm512_set1_epi32(x))
#define INT256(x) _mm256_castsi256_ps(_mm256_set1_epi32(x))
#define INT128(x) _mm_castsi128_ps(_mm_set1_epi32(x))
ALL(v4, "avx512f,avx512dq", __m512, 16, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_set1_ps, 16_u10avx512f, _mm512_add_ps,
    _mm512_sub_ps, _mm512_div_ps, _mm512_max_ps, _mm512_and_ps, INT512)
ALL(v3, "avx2,fma", __m256, 8, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_set1_ps, 8_u10avx2, _mm256_add_ps,
    _mm256_sub_ps, _mm256_div_ps, _mm256_max_ps, _mm256_and_ps, INT256)
ALL(v1, "sse2", __m128, 4, _mm_loadu_ps, _mm_storeu_ps, _mm_set1_ps, 4_u10sse2, _mm_add_ps, _mm_sub_ps, _mm_div_ps,
    _mm_max_ps, _mm_and_ps, INT128)
#undef BINARY_OPERAND
#define BINARY_OPERAND(value) y = value;
APPLY(v4, "avx512f,avx512dq", __m512, 16, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_set1_ps, power_, Sleef_powf16_u10avx512f(x, y))
APPLY(v3, "avx2,fma", __m256, 8, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_set1_ps, power_, Sleef_powf8_u10avx2(x, y))
APPLY(v1, "sse2", __m128, 4, _mm_loadu_ps, _mm_storeu_ps, _mm_set1_ps, power_, Sleef_powf4_u10sse2(x, y))

#define CHOOSE(name) (level == '5' ? name##_v4 : level == '2' ? name##_v3 : name##_v1)

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
#define CHOOSE(name) name
#endif

ck_function ck_math_function(int operation) {
  // "avx512", "avx2" or "baseline": told apart by the fourth letter.
  const char level = ck_instruction_set()[3];
  (void)level;
  switch (operation) {
  case CK_EXP: return CHOOSE(exp_);
  case CK_EXPM1: return CHOOSE(expm1_);
  case CK_LOG: return CHOOSE(log_);
  case CK_LOG1P: return CHOOSE(log1p_);
  case CK_ERF: return CHOOSE(erf_);
  case CK_SIN: return CHOOSE(sin_);
  case CK_COS: return CHOOSE(cos_);
  case CK_TANH: return CHOOSE(tanh_);
  case CK_SIGMOID: return CHOOSE(sigmoid_);
  case CK_SOFTPLUS: return CHOOSE(softplus_);
  case CK_POWER_CONSTANT: return CHOOSE(power_constant_);
  case CK_POWER: return CHOOSE(power_);
  default: return 0;
  }
}
