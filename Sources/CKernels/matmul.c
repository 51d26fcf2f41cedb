#include "CKernels.h"
#include <dnnl.h>

static void multiply(const ck_matmul *p, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t column, ptrdiff_t columns) {
  const float *a = p->a + (p->transpose_a ? row : row * p->lda);
  const float *b = p->b + (p->transpose_b ? column * p->ldb : column);
  dnnl_sgemm(p->transpose_a ? 'T' : 'N', p->transpose_b ? 'T' : 'N', rows, columns, p->k, 1.0f, a, p->lda, b, p->ldb,
             0.0f, p->c + row * p->ldc + column, p->ldc);
}

void ck_run_matmul(const ck_matmul *p) { multiply(p, 0, p->m, 0, p->n); }

// The first of a thread's items, where they go in groups that the library's kernels take whole.
static ptrdiff_t first(ptrdiff_t count, ptrdiff_t group, int thread, int threads) {
  const ptrdiff_t groups = (count + group - 1) / group, at = groups * thread / threads * group;
  return at < count ? at : count;
}

void ck_run_matmul_part(const ck_matmul *p, int thread, int threads) {
  const ptrdiff_t group = 16;
  if (p->m >= p->n || p->m >= group * threads) {
    const ptrdiff_t from = first(p->m, group, thread, threads), to = first(p->m, group, thread + 1, threads);
    if (from < to) multiply(p, from, to - from, 0, p->n);
  } else {
    const ptrdiff_t from = first(p->n, group, thread, threads), to = first(p->n, group, thread + 1, threads);
    if (from < to) multiply(p, 0, p->m, from, to - from);
  }
}
