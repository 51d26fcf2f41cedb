#include "CKernels.h"
#include "bf16.h"
#include "clones.h"
#include <math.h>
#include <string.h>

// One loop an operation and a combination of scalar operands. clang vectorizes them; every element's result depends
// on that element alone, so bits do not change with tiling, fusion or threads.

// A result may lie where an operand does, exactly: the compiler need not ask at run time whether they overlap, which
// would send such calls to a scalar loop.
#define EACH _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < n; i++)

#define UNARY(name, expression)                                                                                \
  CK_CLONES static void name(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) { \
    EACH {                                                                                                     \
      float x = a[i];                                                                                          \
      d[i] = (expression);                                                                                     \
    }                                                                                                          \
  }

UNARY(negate, -x)
UNARY(reciprocal, 1.0f / x)
UNARY(square, x *x)
UNARY(square_root, __builtin_sqrtf(x))
UNARY(reciprocal_root, 1.0f / __builtin_sqrtf(x))
UNARY(absolute, __builtin_fabsf(x))
UNARY(sign, x > 0 ? 1.0f : (x < 0 ? -1.0f : x))
// A comparison that is false for NaN would hide it: NaN passes through.
UNARY(relu, x <= 0 ? 0.0f : x)
UNARY(leaky_relu, x <= 0 ? p * x : x)
UNARY(step, x > 0 ? 1.0f : p)
UNARY(is_finite, __builtin_fabsf(x) < __builtin_inff() ? 1.0f : 0.0f)
UNARY(truncate_, __builtin_truncf(x))
UNARY(is_nonzero, x != 0 ? 1.0f : 0.0f)

UNARY(round_bf16, bf16_widened(bf16_rounded(x)))

static void copy(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {
  memcpy(d, a, (size_t)n * sizeof(float));
}

static void fill(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {
  float x = *a;
  EACH d[i] = x;
}

#define LOOP2(name, first, second, expression)                                                                 \
  CK_CLONES static void name(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) { \
    const float a0 = *a, b0 = *b;                                                                              \
    (void)a0, (void)b0;                                                                                        \
    EACH {                                                                                                     \
      float x = first, y = second;                                                                             \
      d[i] = (expression);                                                                                     \
    }                                                                                                          \
  }
#define BINARY(name, expression)                \
  LOOP2(name##_vv, a[i], b[i], expression)      \
  LOOP2(name##_sv, a0, b[i], expression)        \
  LOOP2(name##_vs, a[i], b0, expression)

BINARY(add, x + y)
BINARY(subtract, x - y)
BINARY(multiply, x *y)
BINARY(divide, x / y)
// NaN in either operand is the result, as in PyTorch.
BINARY(minimum, (x < y || x != x) ? x : y)
BINARY(maximum, (x > y || x != x) ? x : y)
BINARY(equal, x == y ? 1.0f : 0.0f)
BINARY(not_equal, x != y ? 1.0f : 0.0f)
BINARY(less, x < y ? 1.0f : 0.0f)
BINARY(less_or_equal, x <= y ? 1.0f : 0.0f)
BINARY(greater, x > y ? 1.0f : 0.0f)
BINARY(greater_or_equal, x >= y ? 1.0f : 0.0f)

#define CHOICE(name, second, third)                                                                            \
  CK_CLONES static void name(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) { \
    const float b0 = *b, c0 = *c;                                                                              \
    (void)b0, (void)c0;                                                                                        \
    EACH {                                                                                                     \
      float yes = second, no = third;                                                                          \
      d[i] = a[i] != 0 ? yes : no;                                                                             \
    }                                                                                                          \
  }
CHOICE(select_vvv, b[i], c[i])
CHOICE(select_vsv, b0, c[i])
CHOICE(select_vvs, b[i], c0)
CHOICE(select_vss, b0, c0)

static void select_svv(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {
  memmove(d, *a != 0 ? b : c, (size_t)n * sizeof(float));
}
static void select_ssv(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {
  if (*a != 0) fill(d, b, b, c, p, n);
  else memmove(d, c, (size_t)n * sizeof(float));
}
static void select_svs(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {
  if (*a != 0) memmove(d, b, (size_t)n * sizeof(float));
  else fill(d, c, b, c, p, n);
}

// Two operations in one walk, u = inner(x, y) and then outer(u, z), each rounded as on its own. The number in a name says
// which operands are scalars.
#define FUSED(name, first, second, third, inner, outer)                                                        \
  CK_CLONES static void name(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) { \
    const float a0 = *a, b0 = *b, c0 = *c;                                                                     \
    (void)a0, (void)b0, (void)c0;                                                                              \
    EACH {                                                                                                     \
      const float x = first, y = second, z = third, u = inner;                                                 \
      (void)z;                                                                                                 \
      d[i] = (outer);                                                                                          \
    }                                                                                                          \
  }
#define FUSED_BINARY(name, inner, outer)              \
  FUSED(name##_0, a[i], b[i], c[i], inner, outer)     \
  FUSED(name##_1, a0, b[i], c[i], inner, outer)       \
  FUSED(name##_2, a[i], b0, c[i], inner, outer)       \
  FUSED(name##_4, a[i], b[i], c0, inner, outer)       \
  FUSED(name##_5, a0, b[i], c0, inner, outer)         \
  FUSED(name##_6, a[i], b0, c0, inner, outer)
#define FUSED_UNARY(name, inner, outer)               \
  FUSED(name##_0, a[i], b[i], 0, inner, outer)        \
  FUSED(name##_1, a0, b[i], 0, inner, outer)          \
  FUSED(name##_2, a[i], b0, 0, inner, outer)
#define FUSED_AFTER(name, inner)                                  \
  FUSED_BINARY(name##_add, inner, u + z)                          \
  FUSED_BINARY(name##_subtract, inner, u - z)                     \
  FUSED_BINARY(name##_subtract_from, inner, z - u)                \
  FUSED_BINARY(name##_multiply, inner, u *z)                      \
  FUSED_UNARY(name##_relu, inner, u <= 0 ? 0.0f : u)              \
  FUSED_UNARY(name##_leaky_relu, inner, u <= 0 ? p * u : u)       \
  FUSED_UNARY(name##_step, inner, u > 0 ? 1.0f : p)               \
  FUSED_UNARY(name##_square, inner, u *u)
FUSED_AFTER(add, (x + y))
FUSED_AFTER(subtract, (x - y))
FUSED_AFTER(multiply, (x * y))
// The slope of an activation: a mask of the first times the third.
FUSED(step_multiply, a[i], 0, c[i], (x > 0 ? 1.0f : p), u *z)

static ck_function choose(const ck_function *of, int scalars) {
  switch (scalars) {
  case 0: return of[0];
  case CK_SCALAR_A: return of[1];
  case CK_SCALAR_B: return of[2];
  case CK_SCALAR_C: return of[3];
  case CK_SCALAR_A | CK_SCALAR_C: return of[4];
  case CK_SCALAR_B | CK_SCALAR_C: return of[5];
  default: return 0;
  }
}

#define SIX(name) {name##_0, name##_1, name##_2, name##_4, name##_5, name##_6}
#define THREE(name) {name##_0, name##_1, name##_2, 0, 0, 0}
#define ROW(name)                                                                                                     \
  {SIX(name##_add),   SIX(name##_subtract),     SIX(name##_subtract_from), SIX(name##_multiply), THREE(name##_relu), \
   THREE(name##_leaky_relu), THREE(name##_step), THREE(name##_square)}
static const ck_function fused[3][8][6] = {ROW(add), ROW(subtract), ROW(multiply)};

ck_function ck_fused_function(int inner, int outer, int is_second, int scalars) {
  if (inner == CK_STEP) return outer == CK_MULTIPLY && (scalars & ~CK_SCALAR_B) == 0 ? step_multiply : 0;
  if (inner < CK_ADD || inner > CK_MULTIPLY) return 0;
  int column;
  switch (outer) {
  case CK_ADD: column = 0; break;
  case CK_SUBTRACT: column = is_second ? 2 : 1; break;
  case CK_MULTIPLY: column = 3; break;
  case CK_RELU: column = 4; break;
  case CK_LEAKY_RELU: column = 5; break;
  case CK_STEP: column = 6; break;
  case CK_SQUARE: column = 7; break;
  default: return 0;
  }
  return choose(fused[inner - CK_ADD][column], scalars);
}

ck_function ck_math_function(int operation);

#define PAIR(code, name)                                        \
  case code:                                                    \
    switch (scalars) {                                          \
    case 0: return name##_vv;                                   \
    case CK_SCALAR_A: return name##_sv;                         \
    case CK_SCALAR_B: return name##_vs;                         \
    default: return 0;                                          \
    }

ck_function ck_function_for(int operation, int scalars) {
  switch (operation) {
    PAIR(CK_ADD, add)
    PAIR(CK_SUBTRACT, subtract)
    PAIR(CK_MULTIPLY, multiply)
    PAIR(CK_DIVIDE, divide)
    PAIR(CK_MINIMUM, minimum)
    PAIR(CK_MAXIMUM, maximum)
    PAIR(CK_EQUAL, equal)
    PAIR(CK_NOT_EQUAL, not_equal)
    PAIR(CK_LESS, less)
    PAIR(CK_LESS_OR_EQUAL, less_or_equal)
    PAIR(CK_GREATER, greater)
    PAIR(CK_GREATER_OR_EQUAL, greater_or_equal)
  case CK_SELECT:
    switch (scalars) {
    case 0: return select_vvv;
    case CK_SCALAR_B: return select_vsv;
    case CK_SCALAR_C: return select_vvs;
    case CK_SCALAR_B | CK_SCALAR_C: return select_vss;
    case CK_SCALAR_A: return select_svv;
    case CK_SCALAR_A | CK_SCALAR_B: return select_ssv;
    case CK_SCALAR_A | CK_SCALAR_C: return select_svs;
    default: return 0;
    }
  default: break;
  }
  if (operation == CK_COPY && scalars == CK_SCALAR_A) return fill;
  if (scalars != 0) return 0;
  switch (operation) {
  case CK_COPY: return copy;
  case CK_NEGATE: return negate;
  case CK_RECIPROCAL: return reciprocal;
  case CK_SQUARE: return square;
  case CK_SQRT: return square_root;
  case CK_RSQRT: return reciprocal_root;
  case CK_ABS: return absolute;
  case CK_SIGN: return sign;
  case CK_RELU: return relu;
  case CK_LEAKY_RELU: return leaky_relu;
  case CK_STEP: return step;
  case CK_IS_FINITE: return is_finite;
  case CK_TRUNCATE: return truncate_;
  case CK_IS_NONZERO: return is_nonzero;
  case CK_ROUND_BF16: return round_bf16;
  default: return ck_math_function(operation);
  }
}
