#include "CKernels.h"
#include <string.h>

static ptrdiff_t clamped(float index, ptrdiff_t rows) {
  // Written so that NaN counts as row 0.
  if (!(index > 0)) return 0;
  return index < (float)rows ? (ptrdiff_t)index : rows - 1;
}

void ck_gather(const float *table, const float *indices, float *result, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t width) {
  for (ptrdiff_t i = 0; i < count; i++)
    memcpy(result + i * width, table + clamped(indices[i], rows) * width, (size_t)width * sizeof(float));
}

void ck_scatter_add(const float *values, const float *indices, float *result, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t width) {
  memset(result, 0, (size_t)(rows * width) * sizeof(float));
  for (ptrdiff_t i = 0; i < count; i++) {
    float *row = result + clamped(indices[i], rows) * width;
    for (ptrdiff_t c = 0; c < width; c++) row[c] += values[i * width + c];
  }
}
