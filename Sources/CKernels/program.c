#include "CKernels.h"

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
    if (i->kind == CK_RUN_ELEMENTWISE) {
      const ck_elementwise *kernel = i->what;
      int reduces = 0;
      for (int s = 0; s < kernel->store_count; s++) reduces |= kernel->stores[s].kind >= CK_REDUCE_SUM;
      if (!reduces) continue;
      ck_meet(&j->barrier, threads);
      if (thread == 0) ck_combine_reductions(kernel);
      since = ALONE;
    }
  }
}

void ck_run_program(const ck_program *p, uint64_t counter, uint32_t substep) {
  if (p->is_team && p->threads > 1) {
    job j = {p, counter, substep, {0, 0}};
    ck_parallel(p->threads, run, &j);
  } else {
    for (ptrdiff_t n = 0; n < p->count; n++) ck_run_instruction(&p->instructions[n], counter, substep);
  }
}
