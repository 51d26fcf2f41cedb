#include "columns.h"
#include "bf16.h"
#include "clones.h"
#include <string.h>

typedef struct {
  const windows *w;
  const void *source;
  void *target;
  size_t size;
  int is_bf16, threads;
  float *sums;
} job;

// The part of a window's row that lies in the image: kernel columns from..<to.
static inline void clip(const windows *w, ptrdiff_t column, ptrdiff_t *from, ptrdiff_t *to) {
  *from = column < 0 ? -column : 0;
  *to = w->width - column < w->kernel_width ? w->width - column : w->kernel_width;
  if (*to < *from) *to = *from;
}

static void gather(void *context, int thread) {
  const job *j = context;
  const windows *w = j->w;
  const size_t pixel = (size_t)w->channels * j->size, row = (size_t)w->kernel_width * pixel;
  const ptrdiff_t lines = w->batch * w->out_height;
  for (ptrdiff_t line = lines * thread / j->threads; line < lines * (thread + 1) / j->threads; line++) {
    const ptrdiff_t n = line / w->out_height, top = line % w->out_height * w->stride[0] - w->padding[0];
    char *target = (char *)j->target + (size_t)(line * w->out_width * w->kernel_height) * row;
    for (ptrdiff_t x = 0; x < w->out_width; x++) {
      const ptrdiff_t left = x * w->stride[1] - w->padding[1];
      ptrdiff_t from, to;
      clip(w, left, &from, &to);
      for (ptrdiff_t k = 0; k < w->kernel_height; k++, target += row) {
        const ptrdiff_t y = top + k;
        if (y < 0 || y >= w->height) {
          memset(target, 0, row);
          continue;
        }
        const char *source = (const char *)j->source + (size_t)((n * w->height + y) * w->width + left + from) * pixel;
        if (from > 0) memset(target, 0, (size_t)from * pixel);
        memcpy(target + (size_t)from * pixel, source, (size_t)(to - from) * pixel);
        if (to < w->kernel_width) memset(target + (size_t)to * pixel, 0, (size_t)(w->kernel_width - to) * pixel);
      }
    }
  }
}

CK_CLONES static void add(float *d, const float *x, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) d[i] += x[i];
}

CK_CLONES static void round_all(uint16_t *d, const float *x, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) d[i] = bf16_rounded(x[i]);
}

static void scatter(void *context, int thread) {
  const job *j = context;
  const windows *w = j->w;
  const ptrdiff_t row = w->kernel_width * w->channels, image = w->height * w->width * w->channels;
  for (ptrdiff_t n = w->batch * thread / j->threads; n < w->batch * (thread + 1) / j->threads; n++) {
    float *sum = j->is_bf16 ? j->sums + thread * image : (float *)j->target + n * image;
    memset(sum, 0, (size_t)image * sizeof(float));
    const float *source = (const float *)j->source + n * w->out_height * w->out_width * w->kernel_height * row;
    for (ptrdiff_t line = 0; line < w->out_height; line++)
      for (ptrdiff_t x = 0; x < w->out_width; x++) {
        const ptrdiff_t left = x * w->stride[1] - w->padding[1];
        ptrdiff_t from, to;
        clip(w, left, &from, &to);
        for (ptrdiff_t k = 0; k < w->kernel_height; k++, source += row) {
          const ptrdiff_t y = line * w->stride[0] - w->padding[0] + k;
          if (y < 0 || y >= w->height) continue;
          add(sum + (y * w->width + left + from) * w->channels, source + from * w->channels, (to - from) * w->channels);
        }
      }
    if (j->is_bf16) round_all((uint16_t *)j->target + n * image, sum, image);
  }
}

void gather_windows(const windows *w, const void *images, void *columns, size_t size, int threads) {
  job j = {w, images, columns, size, 0, threads, NULL};
  ck_parallel(threads, gather, &j);
}

void sum_windows(const windows *w, const float *columns, void *images, int is_bf16, float *sums, int threads) {
  job j = {w, columns, images, sizeof(float), is_bf16, threads, sums};
  ck_parallel(threads, scatter, &j);
}
