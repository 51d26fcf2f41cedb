#include "VectorMath512.h"

#if defined(__x86_64__)
#define ABS512(x) _mm512_and_ps(x, _mm512_castsi512_ps(_mm512_set1_epi32(0x7fffffff)))
VM_FUNCTIONS(vm_functions_512, __m512, 16, avx512f, _mm512, ABS512)
#endif
