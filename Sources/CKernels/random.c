#include "CKernels.h"
#include "clones.h"
#include <string.h>

// Philox4x32-10 (Salmon et al. 2011), BLOCKS counters at a time so that the compiler vectorizes the rounds.
enum { BLOCKS = 64 };

CK_CLONES static void philox(uint32_t *restrict x0, uint32_t *restrict x1, uint32_t *restrict x2, uint32_t *restrict x3,
                             uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < BLOCKS; i++) {
      const uint64_t p0 = (uint64_t)x0[i] * 0xD2511F53u, p1 = (uint64_t)x2[i] * 0xCD9E8D57u;
      const uint32_t y0 = (uint32_t)(p1 >> 32) ^ x1[i] ^ key0, y2 = (uint32_t)(p0 >> 32) ^ x3[i] ^ key1;
      x0[i] = y0;
      x1[i] = (uint32_t)p1;
      x2[i] = y2;
      x3[i] = (uint32_t)p0;
    }
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

CK_CLONES static void uniforms(float *restrict d, const uint32_t *restrict x, uint32_t offset) {
  for (int i = 0; i < BLOCKS; i++) d[i] = (float)(int32_t)((x[i] >> 8) + offset) * 0x1p-24f;
}

// Box and Muller: two words give two normal numbers.
static void normals(float *first, float *second, const uint32_t *x, const uint32_t *y, ck_function logarithm,
                    ck_function sine, ck_function cosine, ck_function root) {
  float radius[BLOCKS], angle[BLOCKS];
  uniforms(radius, x, 1);  // in (0, 1], so the logarithm is finite
  uniforms(angle, y, 0);
  logarithm(radius, radius, radius, radius, 0, BLOCKS);
  for (int i = 0; i < BLOCKS; i++) {
    radius[i] *= -2;
    angle[i] *= 6.28318530717958647692f;
  }
  root(radius, radius, radius, radius, 0, BLOCKS);
  cosine(first, angle, angle, angle, 0, BLOCKS);
  sine(second, angle, angle, angle, 0, BLOCKS);
  for (int i = 0; i < BLOCKS; i++) {
    first[i] *= radius[i];
    second[i] *= radius[i];
  }
}

typedef struct {
  const ck_random *draw;
  uint64_t counter;
  uint32_t substep;
} job;

static void run(void *context, int thread) {
  const job *j = context;
  const ck_random *r = j->draw;
  const ptrdiff_t blocks = (r->per_sample + 3) / 4, total = blocks * r->samples;
  const ptrdiff_t groups = (total + BLOCKS - 1) / BLOCKS;
  const ck_function logarithm = ck_function_for(CK_LOG, 0), sine = ck_function_for(CK_SIN, 0),
                    cosine = ck_function_for(CK_COS, 0), root = ck_function_for(CK_SQRT, 0);
  uint32_t x0[BLOCKS], x1[BLOCKS], x2[BLOCKS], x3[BLOCKS];
  float values[4][BLOCKS];
  for (ptrdiff_t group = groups * thread / r->threads; group < groups * (thread + 1) / r->threads; group++) {
    const ptrdiff_t begin = group * BLOCKS;
    const int count = (int)(total - begin < BLOCKS ? total - begin : BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      x0[i] = (uint32_t)((begin + i) % blocks);
      x1[i] = (uint32_t)((begin + i) / blocks);
      x2[i] = (uint32_t)j->counter;
      x3[i] = ((uint32_t)(j->counter >> 32) << 16) ^ j->substep;
    }
    philox(x0, x1, x2, x3, r->key0, r->key1);
    if (r->normal) {
      normals(values[0], values[1], x0, x1, logarithm, sine, cosine, root);
      normals(values[2], values[3], x2, x3, logarithm, sine, cosine, root);
    } else {
      uniforms(values[0], x0, 0);
      uniforms(values[1], x1, 0);
      uniforms(values[2], x2, 0);
      uniforms(values[3], x3, 0);
    }
    for (int i = 0; i < count; i++) {
      const ptrdiff_t sample = (begin + i) / blocks, first = (begin + i) % blocks * 4;
      const ptrdiff_t width = r->per_sample - first < 4 ? r->per_sample - first : 4;
      for (ptrdiff_t w = 0; w < width; w++) r->data[sample * r->per_sample + first + w] = values[w][i];
    }
  }
}

void ck_run_random_part(const ck_random *draw, uint64_t counter, uint32_t substep, int thread) {
  job j = {draw, counter, substep};
  run(&j, thread);
}

void ck_run_random(const ck_random *draw, uint64_t counter, uint32_t substep) {
  job j = {draw, counter, substep};
  ck_parallel(draw->threads, run, &j);
}
