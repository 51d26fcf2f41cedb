// The loops that oneDNN does not have, and thin calls into oneDNN that allocate nothing while they run.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: Threads

/// Calls body(context, thread) for thread 0 ..< threads on libgomp's pool, which oneDNN uses too.
void ck_parallel(int threads, void (*body)(void *context, int thread), void *context);
/// A place where the threads of a region meet. Zeroed at first; for one region at a time.
typedef struct {
  int arrived, generation;
} ck_barrier;
void ck_meet(ck_barrier *barrier, int threads);
/// Sets how many threads the calling thread's parallel regions, oneDNN's included, have.
void ck_set_threads(int threads);
/// The instruction set that the kernels use here: "avx512", "avx2" or "baseline".
const char *ck_instruction_set(void);

// MARK: Element-wise kernels

/// Elements in a register of the element-wise machine: 2 KiB, so that all of a kernel's registers stay in the first cache.
enum { CK_TILE = 512, CK_MAX_OUTER = 6 };

typedef enum {
  CK_COPY, CK_NEGATE, CK_RECIPROCAL, CK_SQUARE, CK_EXP, CK_EXPM1, CK_LOG, CK_LOG1P, CK_SQRT, CK_RSQRT, CK_ERF, CK_SIN,
  CK_COS, CK_TANH, CK_SIGMOID, CK_SOFTPLUS, CK_ABS, CK_SIGN, CK_RELU, CK_LEAKY_RELU, CK_STEP, CK_POWER_CONSTANT,
  CK_IS_FINITE, CK_TRUNCATE, CK_IS_NONZERO, CK_ROUND_BF16,
  CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_MINIMUM, CK_MAXIMUM, CK_POWER,
  CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_LESS_OR_EQUAL, CK_GREATER, CK_GREATER_OR_EQUAL,
  CK_SELECT,
  CK_OPERATION_COUNT
} ck_operation;

/// Which operands of a step are one value for the whole tile.
enum { CK_SCALAR_A = 1, CK_SCALAR_B = 2, CK_SCALAR_C = 4 };

typedef void (*ck_function)(float *d, const float *a, const float *b, const float *c, float parameter, ptrdiff_t n);
/// The loop of an operation, or NULL where this combination of scalar operands has none.
ck_function ck_function_for(int operation, int scalars);

/// The loop of outer(inner(a, b), c), or of outer(c, inner(a, b)) where the inner result is the second operand; NULL
/// where there is none. A unary outer operation has no c, a unary inner one no b.
ck_function ck_fused_function(int inner, int outer, int is_second, int scalars);

typedef struct {
  ck_function function;
  float parameter;
  int d, a, b, c;  // registers
} ck_step;

typedef enum {
  CK_LOAD_DIRECT,   // the register is the memory itself: unit stride along columns
  CK_LOAD_SCALAR,   // one value for the tile
  CK_LOAD_ROW,      // the same columns in each row: repeated into the register once
  CK_LOAD_COLUMN,   // one value a row: spread into the register for each tile
  CK_LOAD_STRIDED,  // anything else: gathered for each tile
} ck_load_kind;

typedef struct {
  const float *data;
  int kind, target;
  int is_half;      // bf16 in memory, f32 in the register
  ptrdiff_t outer[CK_MAX_OUTER], row, column;  // strides in elements
} ck_load;

typedef enum {
  CK_STORE_DIRECT,   // the register is the memory itself
  CK_STORE_COPY,     // computed in a register, copied at the end of the tile
  CK_STORE_STRIDED,
  CK_REDUCE_SUM,
  CK_REDUCE_MAXIMUM,
} ck_store_kind;

typedef struct {
  float *data;
  int kind, source;
  int is_half;       // as of a load; the register holds values that bf16 can hold
  ptrdiff_t outer[CK_MAX_OUTER], row, column;
  ptrdiff_t count;   // elements of a reduction's result, dense
  float *partials;   // (threads - 1) * count
} ck_store;

/// A chain of element-wise operations over an iteration space outer x rows x columns, tile by tile, with reductions at its end.
typedef struct {
  ptrdiff_t extents[CK_MAX_OUTER];
  int outer_count;
  ptrdiff_t rows, columns, tile_rows, tile_columns;
  int load_count, store_count, step_count, register_count, threads;
  ck_load *loads;
  ck_store *stores;
  ck_step *steps;
  float *scratch;  // threads * register_count * CK_TILE
} ck_elementwise;

void ck_run_elementwise(const ck_elementwise *kernel);
/// A thread's part, for each thread below kernel->threads; then, by one of them, what the parts of reductions sum to.
void ck_run_elementwise_part(const ck_elementwise *kernel, int thread);
void ck_combine_reductions(const ck_elementwise *kernel);

// MARK: Matrix products

/// C = A B for row-major matrices; either factor may be stored transposed.
typedef struct {
  const float *a, *b;
  float *c;
  ptrdiff_t m, n, k, lda, ldb, ldc;
  int transpose_a, transpose_b;
} ck_matmul;

void ck_run_matmul(const ck_matmul *product);
/// The rows or columns of C that are this thread's.
void ck_run_matmul_part(const ck_matmul *product, int thread, int threads);

// MARK: Convolutions

typedef enum { CK_CONVOLUTION_FORWARD, CK_CONVOLUTION_DATA, CK_CONVOLUTION_WEIGHTS } ck_convolution_kind;

/// Images are dense [batch, height, width, channels] in memory, kernels dense [out, in / groups, height, width].
typedef struct {
  int kind;
  int is_bf16;  // images are bf16; kernels are f32 outside and bf16 once packed; weight gradients are f32
  int threads;  // of what the plan does on its own
  int is_free;  // images are in whatever order the primitive prefers, for measurements
  int has_bias, has_activation;  // outputs are stored after a bias (one a channel) and leaky ReLU; forward only
  float slope;                   // of the activation below 0
  int64_t batch, in_channels, in_height, in_width, out_channels, out_height, out_width, kernel_height, kernel_width, groups;
  int64_t stride[2], padding_low[2], padding_high[2], dilation[2];
} ck_convolution_shape;

/// A convolution whose memory is not known yet. It has its own order for kernels, their packed form.
typedef struct ck_convolution_plan ck_convolution_plan;
/// A library primitive bound to its memory.
typedef struct ck_primitive ck_primitive;

/// What follows returns a oneDNN status, 0 for success; *result is NULL otherwise.
int ck_convolution_plan_create(const ck_convolution_shape *shape, ck_convolution_plan **result);
/// Whether a convolution of this shape can have a bias and an activation.
int ck_convolution_takes_epilogue(const ck_convolution_shape *shape);
/// After the primitives that were bound.
void ck_convolution_plan_destroy(ck_convolution_plan *plan);
/// Whether packed kernels are plain ones.
int ck_convolution_is_plain(const ck_convolution_plan *plan);
int ck_convolution_packs_alike(const ck_convolution_plan *a, const ck_convolution_plan *b);
size_t ck_convolution_packed_bytes(const ck_convolution_plan *plan);
size_t ck_convolution_image_bytes(const ck_convolution_plan *plan);
size_t ck_convolution_output_bytes(const ck_convolution_plan *plan);
size_t ck_convolution_scratch_bytes(const ck_convolution_plan *plan);
/// The one among images, packed weights and outputs that the kind computes is written. `bias` is read where there is one.
int ck_convolution_bind(const ck_convolution_plan *plan, void *images, void *weights, void *bias, void *outputs,
                        void *scratch, ck_primitive **result);
int ck_convolution_pack(const ck_convolution_plan *plan, void *plain, void *packed, ck_primitive **result);
int ck_convolution_unpack(const ck_convolution_plan *plan, void *packed, void *plain, ck_primitive **result);
void ck_primitive_destroy(ck_primitive *primitive);
void ck_run_primitive(const ck_primitive *primitive);
/// Whether convolutions on bf16 are fast here.
int ck_has_bf16(void);

// MARK: Random numbers and rows

typedef struct {
  float *data;
  ptrdiff_t samples, per_sample;
  uint32_t key0, key1;
  int normal;  // else uniform
  int threads;
} ck_random;

void ck_run_random(const ck_random *draw, uint64_t counter, uint32_t substep);
void ck_run_random_part(const ck_random *draw, uint64_t counter, uint32_t substep, int thread);

/// Rows of `width` elements moved between a table of `rows` and `count` places.
typedef struct {
  const float *source, *indices;
  float *result;
  ptrdiff_t rows, count, width;
} ck_row_move;

/// result[i] = source[clamp(indices[i])].
void ck_gather(const ck_row_move *move);
/// result = 0, then result[clamp(indices[i])] += source[i], in order.
void ck_scatter_add(const ck_row_move *move);

/// result[row][column] = source[column * stride + row], dense row-major.
typedef struct {
  const float *source;
  float *result;
  ptrdiff_t rows, columns, stride;
} ck_transpose;

void ck_run_transpose(const ck_transpose *move);
/// The rows that are this thread's.
void ck_run_transpose_part(const ck_transpose *move, int thread, int threads);

// MARK: Programs

typedef enum {
  CK_RUN_ELEMENTWISE, CK_RUN_MATMUL, CK_RUN_PRIMITIVE, CK_RUN_RANDOM, CK_RUN_GATHER, CK_RUN_SCATTER_ADD,
  CK_RUN_TRANSPOSE
} ck_instruction_kind;

typedef struct {
  int kind;
  int is_shared;     // the work is large enough for every thread to take a part
  const void *what;  // the struct of the kind
} ck_instruction;

/// Whether a program's parts are better done by a team or by one thread after the other: see `ck_run_program`.
typedef struct {
  int is_alone;
  int runs;               // of this stint, and their nanoseconds
  int64_t spent;
  double means[2];        // nanoseconds of a run in the last stint as a team, and alone; 0 before the first
  int64_t patience, until;
} ck_pace;

/// Takes in that a run took so many nanoseconds and ended at a time, and decides how the next one goes.
void ck_note_pace(ck_pace *pace, int64_t time, int64_t spent);

typedef struct {
  const ck_instruction *instructions;
  ptrdiff_t count;
  int threads;
  // One region for the whole program, whose threads meet where one needs what another made; else a region for each
  // instruction, which library primitives open on their own.
  int is_team;
  ck_pace *pace;  // of a team
} ck_program;

/// Runs all instructions. Where other programs keep the cores busy, the threads of a team wait for one another at every
/// meeting, and their parts are done sooner by one thread: which of the two is faster is tried now and then. The
/// results are the same.
void ck_run_program(const ck_program *program, uint64_t counter, uint32_t substep);
/// One instruction, on its own.
void ck_run_instruction(const ck_instruction *instruction, uint64_t counter, uint32_t substep);
