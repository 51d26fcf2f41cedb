#include "CKernels.h"
#include <string.h>

static ptrdiff_t clamped(float index, ptrdiff_t rows) {
  // Written so that NaN counts as row 0.
  if (!(index > 0)) return 0;
  return index < (float)rows ? (ptrdiff_t)index : rows - 1;
}

void ck_gather(const ck_row_move *m) {
  for (ptrdiff_t i = 0; i < m->count; i++)
    memcpy(m->result + i * m->width, m->source + clamped(m->indices[i], m->rows) * m->width,
           (size_t)m->width * sizeof(float));
}

void ck_scatter_add(const ck_row_move *m) {
  memset(m->result, 0, (size_t)(m->rows * m->width) * sizeof(float));
  for (ptrdiff_t i = 0; i < m->count; i++) {
    float *row = m->result + clamped(m->indices[i], m->rows) * m->width;
    for (ptrdiff_t c = 0; c < m->width; c++) row[c] += m->source[i * m->width + c];
  }
}
