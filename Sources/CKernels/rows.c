#include "CKernels.h"
#include "clones.h"
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

enum { BLOCK = 16 };

// A block that lies in cache both ways: rows of the source in, rows of the result out.
CK_CLONES static void transpose_block(float *result, ptrdiff_t columns, const float *source, ptrdiff_t stride) {
  float block[BLOCK][BLOCK];
  for (int c = 0; c < BLOCK; c++)
    for (int r = 0; r < BLOCK; r++) block[r][c] = source[c * stride + r];
  for (int r = 0; r < BLOCK; r++)
    for (int c = 0; c < BLOCK; c++) result[r * columns + c] = block[r][c];
}

void ck_run_transpose_part(const ck_transpose *m, int thread, int threads) {
  const ptrdiff_t blocks = (m->rows + BLOCK - 1) / BLOCK;
  for (ptrdiff_t b = blocks * thread / threads; b < blocks * (thread + 1) / threads; b++) {
    const ptrdiff_t r = b * BLOCK, rows = m->rows - r < BLOCK ? m->rows - r : BLOCK;
    for (ptrdiff_t c = 0; c < m->columns; c += BLOCK) {
      const ptrdiff_t columns = m->columns - c < BLOCK ? m->columns - c : BLOCK;
      float *result = m->result + r * m->columns + c;
      const float *source = m->source + c * m->stride + r;
      if (rows == BLOCK && columns == BLOCK) {
        transpose_block(result, m->columns, source, m->stride);
        continue;
      }
      for (ptrdiff_t i = 0; i < rows; i++)
        for (ptrdiff_t j = 0; j < columns; j++) result[i * m->columns + j] = source[j * m->stride + i];
    }
  }
}

void ck_run_transpose(const ck_transpose *m) { ck_run_transpose_part(m, 0, 1); }
