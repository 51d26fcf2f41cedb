// Transcendental functions by SLEEF (1.0 ULP), a vector at a time, for one width. The including file defines V, W, SUFFIX
// and the few intrinsics, and is compiled for the instruction set: clang passes wide vectors in registers only where the
// whole file may use them, which is why each width is a target of its own. The last vector is padded, never done by
// another function, so an element's bits do not depend on where it stands.
#pragma once
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <stddef.h>
#include <string.h>

typedef void (*vm_function)(float *d, const float *a, const float *b, const float *c, float parameter, ptrdiff_t n);

/// The functions of one width.
typedef struct {
  vm_function exp, expm1, log, log1p, erf, sin, cos, tanh, sigmoid, softplus, power_constant, power;
} vm_functions;

#define VM_DECLARE(V, W, S)      \
  V Sleef_expf##W##_u10##S(V);   \
  V Sleef_expm1f##W##_u10##S(V); \
  V Sleef_logf##W##_u10##S(V);   \
  V Sleef_log1pf##W##_u10##S(V); \
  V Sleef_erff##W##_u10##S(V);   \
  V Sleef_sinf##W##_u10##S(V);   \
  V Sleef_cosf##W##_u10##S(V);   \
  V Sleef_tanhf##W##_u10##S(V);  \
  V Sleef_powf##W##_u10##S(V, V);

#define VM_LOOP(name, V, W, P, SECOND, expression)                                                         \
  static void name(float *d, const float *a, const float *b, const float *c, float p, ptrdiff_t n) {      \
    ptrdiff_t i = 0;                                                                                       \
    V y = P##_set1_ps(p);                                                                                  \
    (void)y;                                                                                               \
    for (; i + W <= n; i += W) {                                                                           \
      V x = P##_loadu_ps(a + i);                                                                           \
      if (SECOND) y = P##_loadu_ps(b + i);                                                                 \
      P##_storeu_ps(d + i, expression);                                                                    \
    }                                                                                                      \
    if (i < n) {                                                                                           \
      const size_t rest = (size_t)(n - i) * sizeof(float);                                                 \
      float first[W] = {0}, second[W] = {0};                                                               \
      memcpy(first, a + i, rest);                                                                          \
      if (SECOND) memcpy(second, b + i, rest);                                                             \
      V x = P##_loadu_ps(first);                                                                           \
      if (SECOND) y = P##_loadu_ps(second);                                                                \
      P##_storeu_ps(first, expression);                                                                    \
      memcpy(d + i, first, rest);                                                                          \
    }                                                                                                      \
  }

// ABS(x) clears the sign bit.
#define VM_FUNCTIONS(table, V, W, S, P, ABS)                                                                        \
  VM_DECLARE(V, W, S)                                                                                               \
  VM_LOOP(vm_exp, V, W, P, 0, Sleef_expf##W##_u10##S(x))                                                            \
  VM_LOOP(vm_expm1, V, W, P, 0, Sleef_expm1f##W##_u10##S(x))                                                        \
  VM_LOOP(vm_log, V, W, P, 0, Sleef_logf##W##_u10##S(x))                                                            \
  VM_LOOP(vm_log1p, V, W, P, 0, Sleef_log1pf##W##_u10##S(x))                                                        \
  VM_LOOP(vm_erf, V, W, P, 0, Sleef_erff##W##_u10##S(x))                                                            \
  VM_LOOP(vm_sin, V, W, P, 0, Sleef_sinf##W##_u10##S(x))                                                            \
  VM_LOOP(vm_cos, V, W, P, 0, Sleef_cosf##W##_u10##S(x))                                                            \
  VM_LOOP(vm_tanh, V, W, P, 0, Sleef_tanhf##W##_u10##S(x))                                                          \
  VM_LOOP(vm_sigmoid, V, W, P, 0,                                                                                   \
          P##_div_ps(P##_set1_ps(1.0f), P##_add_ps(P##_set1_ps(1.0f), Sleef_expf##W##_u10##S(P##_sub_ps(P##_set1_ps(0.0f), x))))) \
  VM_LOOP(vm_softplus, V, W, P, 0,                                                                                  \
          P##_add_ps(P##_max_ps(P##_set1_ps(0.0f), x),                                                              \
                     Sleef_log1pf##W##_u10##S(Sleef_expf##W##_u10##S(P##_sub_ps(P##_set1_ps(0.0f), ABS(x))))))      \
  VM_LOOP(vm_power_constant, V, W, P, 0, Sleef_powf##W##_u10##S(x, y))                                              \
  VM_LOOP(vm_power, V, W, P, 1, Sleef_powf##W##_u10##S(x, y))                                                       \
  const vm_functions table = {vm_exp, vm_expm1, vm_log,     vm_log1p,    vm_erf,            vm_sin,                 \
                              vm_cos, vm_tanh,  vm_sigmoid, vm_softplus, vm_power_constant, vm_power};

extern const vm_functions vm_functions_256;
