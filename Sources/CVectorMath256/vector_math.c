#include "VectorMath.h"

#if defined(__x86_64__)
#define ABS256(x) _mm256_and_ps(x, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff)))
VM_FUNCTIONS(vm_functions_256, __m256, 8, avx2, _mm256, ABS256)
#endif
