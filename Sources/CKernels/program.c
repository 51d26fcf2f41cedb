#include "CKernels.h"
#include <time.h>

// Runs a program's instructions: one after the other, or by a team of threads that each take a part of the large ones.

void ck_run_instruction(const ck_instruction *i, uint64_t counter, uint32_t substep) {
  switch (i->kind) {
  case CK_RUN_ELEMENTWISE: ck_run_elementwise(i->what); break;
  case CK_RUN_MATMUL: ck_run_matmul(i->what); break;
  case CK_RUN_PRIMITIVE: ck_run_primitive(i->what); break;
  case CK_RUN_RANDOM: ck_run_random(i->what, counter, substep); break;
  case CK_RUN_GATHER: ck_gather(i->what); break;
  case CK_RUN_TRANSPOSE: ck_run_transpose(i->what); break;
  default: ck_scatter_add(i->what);
  }
}

typedef struct {
  const ck_program *program;
  uint64_t counter;
  uint32_t substep;
  ck_barrier barrier;
} job;

static void take_part(const job *j, const ck_instruction *i, int thread) {
  switch (i->kind) {
  case CK_RUN_ELEMENTWISE: ck_run_elementwise_part(i->what, thread); break;
  case CK_RUN_MATMUL: ck_run_matmul_part(i->what, thread, j->program->threads); break;
  case CK_RUN_RANDOM: ck_run_random_part(i->what, j->counter, j->substep, thread); break;
  case CK_RUN_TRANSPOSE: ck_run_transpose_part(i->what, thread, j->program->threads); break;
  default: break;
  }
}

static int reduces(const ck_instruction *i) {
  if (i->kind != CK_RUN_ELEMENTWISE) return 0;
  const ck_elementwise *kernel = i->what;
  for (int s = 0; s < kernel->store_count; s++)
    if (kernel->stores[s].kind >= CK_REDUCE_SUM) return 1;
  return 0;
}

static void run(void *context, int thread) {
  job *j = context;
  const int threads = j->program->threads;
  // What was done since the threads last met: nothing, work of thread 0, or parts by all. Thread 0 may go on after its
  // own work without asking the others; whoever reads what others made meets them first.
  enum { NOTHING, ALONE, TOGETHER } since = NOTHING;
  for (ptrdiff_t n = 0; n < j->program->count; n++) {
    const ck_instruction *i = &j->program->instructions[n];
    if (since == TOGETHER || (since == ALONE && i->is_shared)) {
      ck_meet(&j->barrier, threads);
      since = NOTHING;
    }
    if (!i->is_shared) {
      if (thread == 0) ck_run_instruction(i, j->counter, j->substep);
      since = ALONE;
      continue;
    }
    take_part(j, i, thread);
    since = TOGETHER;
    if (reduces(i)) {
      ck_meet(&j->barrier, threads);
      if (thread == 0) ck_combine_reductions(i->what);
      since = ALONE;
    }
  }
}

// What a team does, by one thread: the same parts, and so the same bits. The library would else start threads of its own
// for a product that the team leaves to one.
static void run_alone(const job *j) {
  ck_set_threads(1);
  for (ptrdiff_t n = 0; n < j->program->count; n++) {
    const ck_instruction *i = &j->program->instructions[n];
    if (!i->is_shared) {
      ck_run_instruction(i, j->counter, j->substep);
      continue;
    }
    for (int thread = 0; thread < j->program->threads; thread++) take_part(j, i, thread);
    if (reduces(i)) ck_combine_reductions(i->what);
  }
  ck_set_threads(j->program->threads);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

void ck_note_pace(ck_pace *p, int64_t time, int64_t spent) {
  enum { RUNS = 16 };
  static const int64_t stint = 20000000, shortest = 50000000, longest = 2000000000;
  p->spent += spent;
  if (++p->runs < RUNS && p->spent < stint) return;
  const int mode = p->is_alone, other = !mode;
  p->means[mode] = (double)p->spent / p->runs;
  p->runs = 0;
  p->spent = 0;
  if (mode) {
    // A team is tried again after a while, longer each time that it was not faster.
    p->is_alone = p->means[mode] < p->means[other] && time < p->until;
  } else if (p->means[other] == 0 || p->means[other] < 0.9 * p->means[mode]) {
    p->is_alone = 1;
    p->patience = p->patience < shortest ? shortest : p->patience * 2 < longest ? p->patience * 2 : longest;
    p->until = time + p->patience;
  } else {
    p->patience = 0;
  }
}

void ck_run_program(const ck_program *p, uint64_t counter, uint32_t substep) {
  if (p->is_team && p->threads > 1) {
    job j = {p, counter, substep, {0, 0}};
    const int64_t start = now();
    if (p->pace->is_alone) run_alone(&j);
    else ck_parallel(p->threads, run, &j);
    const int64_t end = now();
    ck_note_pace(p->pace, end, end - start);
  } else {
    for (ptrdiff_t n = 0; n < p->count; n++) ck_run_instruction(&p->instructions[n], counter, substep);
  }
}
