#include "CKernels.h"
#include <sched.h>

// libgomp's own entry points (its stable ABI): one pool serves oneDNN and these kernels.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern void omp_set_num_threads(int);
extern void omp_set_dynamic(int);

typedef struct {
  void (*body)(void *, int);
  void *context;
} task;

static void run(void *data) {
  const task *t = data;
  t->body(t->context, omp_get_thread_num());
}

void ck_parallel(int threads, void (*body)(void *, int), void *context) {
  if (threads <= 1) {
    body(context, 0);
    return;
  }
  task t = {body, context};
  GOMP_parallel(run, &t, (unsigned)threads, 0);
}

static inline void rest(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

void ck_meet(ck_barrier *b, int threads) {
  const int generation = __atomic_load_n(&b->generation, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&b->arrived, 1, __ATOMIC_ACQ_REL) == threads) {
    __atomic_store_n(&b->arrived, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&b->generation, generation + 1, __ATOMIC_RELEASE);
    return;
  }
  // The others are a fraction of a microsecond behind, unless another program has their core: then it is given ours.
  for (int spins = 0; __atomic_load_n(&b->generation, __ATOMIC_ACQUIRE) == generation; spins++) {
    if (spins < 4000) rest();
    else sched_yield();
  }
}

void ck_set_threads(int threads) {
  // A dynamic team may be smaller than asked for, which would leave parts of a kernel undone.
  omp_set_dynamic(0);
  omp_set_num_threads(threads);
}

const char *ck_instruction_set(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return "avx512";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "avx2";
#endif
  return "baseline";
}
