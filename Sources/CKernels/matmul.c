#include "CKernels.h"
#include <dnnl.h>
#include <string.h>

void ck_run_matmul(const ck_matmul *p) {
  for (ptrdiff_t i = 0; i < p->batch; i++)
    dnnl_sgemm(p->transpose_a ? 'T' : 'N', p->transpose_b ? 'T' : 'N', p->m, p->n, p->k, 1.0f, p->a + i * p->stride_a,
               p->lda, p->b + i * p->stride_b, p->ldb, 0.0f, p->c + i * p->stride_c, p->ldc);
}
