#include "CKernels.h"
#include "bf16.h"
#include "clones.h"
#include <string.h>

// The element-wise machine: for each tile, point registers at memory or fill them, run the steps, store or reduce.

typedef struct {
  const ck_elementwise *kernel;
  ptrdiff_t row_tiles, column_tiles, tiles;
} job;

CK_CLONES static float sum(const float *x, ptrdiff_t n) {
  // Sixteen lanes in a fixed order: the compiler may vectorize without changing the result.
  float lanes[16] = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int l = 0; l < 16; l++) lanes[l] += x[i + l];
  for (int l = 0; i < n; i++, l++) lanes[l] += x[i];
  for (int half = 8; half > 0; half /= 2)
    for (int l = 0; l < half; l++) lanes[l] += lanes[l + half];
  return lanes[0];
}

static float larger(float x, float y) { return (x > y || x != x) ? x : y; }

CK_CLONES static float maximum(const float *x, ptrdiff_t n) {
  float result = x[0];
  for (ptrdiff_t i = 1; i < n; i++) result = larger(result, x[i]);
  return result;
}

CK_CLONES static void add_rows(float *result, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  if (columns == 1) {
    *result += sum(x, rows);
    return;
  }
  // Some columns at a time, whose sums stay in vector registers; a column's order of sums does not depend on which.
  enum { WIDTH = 32 };
  ptrdiff_t c = 0;
  for (; c + WIDTH <= columns; c += WIDTH) {
    float part[WIDTH];
    for (int l = 0; l < WIDTH; l++) part[l] = x[c + l];
    for (ptrdiff_t r = 1; r < rows; r++)
      for (int l = 0; l < WIDTH; l++) part[l] += x[r * columns + c + l];
    for (int l = 0; l < WIDTH; l++) result[c + l] += part[l];
  }
  for (; c < columns; c++) {
    float part = x[c];
    for (ptrdiff_t r = 1; r < rows; r++) part += x[r * columns + c];
    result[c] += part;
  }
}

static void reduce(const ck_store *store, float *base, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  if (store->kind == CK_REDUCE_SUM) {
    if (store->row == 0 && store->column == 0) *base += sum(x, rows * columns);
    else if (store->row == 0 && store->column == 1) add_rows(base, x, rows, columns);
    else if (store->column == 0)
      for (ptrdiff_t r = 0; r < rows; r++) base[r * store->row] += sum(x + r * columns, columns);
    else
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t c = 0; c < columns; c++) base[r * store->row + c * store->column] += x[r * columns + c];
  } else {
    if (store->column == 0)
      for (ptrdiff_t r = 0; r < rows; r++)
        base[r * store->row] = larger(base[r * store->row], maximum(x + r * columns, columns));
    else
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t c = 0; c < columns; c++) {
          float *target = &base[r * store->row + c * store->column];
          *target = larger(*target, x[r * columns + c]);
        }
  }
}

static void fill_row(float *d, const float *source, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t c = 0; c < columns; c++) d[c] = source[c * stride];
  for (ptrdiff_t r = 1; r < rows; r++) memcpy(d + r * columns, d, (size_t)columns * sizeof(float));
}

CK_CLONES static void widen(float *d, const uint16_t *source, ptrdiff_t n) {
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < n; i++) d[i] = bf16_widened(source[i]);
}

CK_CLONES static void narrow(uint16_t *d, const float *x, ptrdiff_t n) {
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < n; i++) d[i] = bf16_narrowed(x[i]);
}

// A load of bf16 fills its register in every case, but where it is known to hold the same already.
static void load_half(const ck_load *load, float *d, ptrdiff_t offset, ptrdiff_t rows, ptrdiff_t columns, int is_known) {
  const uint16_t *source = (const uint16_t *)load->data + offset;
  if (is_known && load->kind == CK_LOAD_ROW) return;
  switch (load->kind) {
  case CK_LOAD_DIRECT: widen(d, source, rows * columns); break;
  case CK_LOAD_SCALAR: *d = bf16_widened(*source); break;
  default:
    for (ptrdiff_t r = 0; r < rows; r++)
      for (ptrdiff_t c = 0; c < columns; c++) d[r * columns + c] = bf16_widened(source[r * load->row + c * load->column]);
  }
}

static ptrdiff_t dot(const ptrdiff_t *strides, const ptrdiff_t *index, int count) {
  ptrdiff_t offset = 0;
  for (int i = 0; i < count; i++) offset += strides[i] * index[i];
  return offset;
}

static float *accumulator(const ck_store *store, int thread) {
  return thread == 0 ? store->data : store->partials + (ptrdiff_t)(thread - 1) * store->count;
}

static job tiles_of(const ck_elementwise *k) {
  job j = {k, (k->rows + k->tile_rows - 1) / k->tile_rows, (k->columns + k->tile_columns - 1) / k->tile_columns, 1};
  j.tiles = j.row_tiles * j.column_tiles;
  for (int i = 0; i < k->outer_count; i++) j.tiles *= k->extents[i];
  return j;
}

static void run(void *context, int thread) {
  const job *j = context;
  const ck_elementwise *k = j->kernel;
  const ptrdiff_t first = j->tiles * thread / k->threads, last = j->tiles * (thread + 1) / k->threads;
  float *registers[k->register_count + 1];
  float *own = k->scratch + (ptrdiff_t)thread * k->register_count * CK_TILE;
  for (int r = 0; r < k->register_count; r++) registers[r] = own + (ptrdiff_t)r * CK_TILE;
  for (int s = 0; s < k->store_count; s++) {
    const ck_store *store = &k->stores[s];
    if (store->kind < CK_REDUCE_SUM) continue;
    float *result = accumulator(store, thread);
    const float neutral = store->kind == CK_REDUCE_SUM ? 0.0f : -__builtin_inff();
    for (ptrdiff_t i = 0; i < store->count; i++) result[i] = neutral;
  }
  ptrdiff_t index[CK_MAX_OUTER] = {0};
  ptrdiff_t known_outer = -1;
  for (ptrdiff_t tile = first; tile < last; tile++) {
    const ptrdiff_t outer = tile / (j->row_tiles * j->column_tiles);
    const ptrdiff_t within = tile - outer * j->row_tiles * j->column_tiles;
    const ptrdiff_t row = within / j->column_tiles * k->tile_rows, column = within % j->column_tiles * k->tile_columns;
    const ptrdiff_t rows = k->rows - row < k->tile_rows ? k->rows - row : k->tile_rows;
    const ptrdiff_t columns = k->columns - column < k->tile_columns ? k->columns - column : k->tile_columns;
    const ptrdiff_t n = rows * columns;
    const int is_new_outer = outer != known_outer;
    if (is_new_outer) {
      known_outer = outer;
      ptrdiff_t rest = outer;
      for (int i = k->outer_count - 1; i >= 0; i--) {
        index[i] = rest % k->extents[i];
        rest /= k->extents[i];
      }
    }
    for (int l = 0; l < k->load_count; l++) {
      const ck_load *load = &k->loads[l];
      const ptrdiff_t offset = dot(load->outer, index, k->outer_count) + row * load->row + column * load->column;
      const float *source = load->data + offset;
      float *own_register = own + (ptrdiff_t)load->target * CK_TILE;
      if (load->is_half) {
        load_half(load, own_register, offset, load->kind == CK_LOAD_ROW ? k->tile_rows : rows, columns, !is_new_outer);
        continue;
      }
      switch (load->kind) {
      case CK_LOAD_DIRECT:
      case CK_LOAD_SCALAR: registers[load->target] = (float *)source; break;
      case CK_LOAD_ROW:
        if (is_new_outer) fill_row(own_register, source, load->column, k->tile_rows, columns);
        break;
      case CK_LOAD_COLUMN:
        for (ptrdiff_t r = 0; r < rows; r++) {
          const float value = source[r * load->row];
          for (ptrdiff_t c = 0; c < columns; c++) own_register[r * columns + c] = value;
        }
        break;
      default:
        for (ptrdiff_t r = 0; r < rows; r++)
          for (ptrdiff_t c = 0; c < columns; c++)
            own_register[r * columns + c] = source[r * load->row + c * load->column];
      }
    }
    for (int s = 0; s < k->store_count; s++) {
      const ck_store *store = &k->stores[s];
      if (store->kind == CK_STORE_DIRECT)
        registers[store->source] =
            store->data + dot(store->outer, index, k->outer_count) + row * store->row + column * store->column;
    }
    for (int s = 0; s < k->step_count; s++) {
      const ck_step *step = &k->steps[s];
      step->function(registers[step->d], registers[step->a], registers[step->b], registers[step->c], step->parameter, n);
    }
    for (int s = 0; s < k->store_count; s++) {
      const ck_store *store = &k->stores[s];
      const ptrdiff_t offset = dot(store->outer, index, k->outer_count) + row * store->row + column * store->column;
      const float *x = registers[store->source];
      switch (store->kind) {
      case CK_STORE_DIRECT: break;
      case CK_STORE_COPY:
        if (store->is_half) narrow((uint16_t *)store->data + offset, x, n);
        else memcpy(store->data + offset, x, (size_t)n * sizeof(float));
        break;
      case CK_STORE_STRIDED:
        if (store->is_half) {
          uint16_t *target = (uint16_t *)store->data + offset;
          for (ptrdiff_t r = 0; r < rows; r++)
            for (ptrdiff_t c = 0; c < columns; c++) target[r * store->row + c * store->column] = bf16_narrowed(x[r * columns + c]);
          break;
        }
        for (ptrdiff_t r = 0; r < rows; r++)
          for (ptrdiff_t c = 0; c < columns; c++)
            store->data[offset + r * store->row + c * store->column] = x[r * columns + c];
        break;
      default: reduce(store, accumulator(store, thread) + offset, x, rows, columns);
      }
    }
  }
}

void ck_run_elementwise_part(const ck_elementwise *k, int thread) {
  job j = tiles_of(k);
  run(&j, thread);
}

void ck_combine_reductions(const ck_elementwise *k) {
  for (int s = 0; s < k->store_count; s++) {
    const ck_store *store = &k->stores[s];
    if (store->kind < CK_REDUCE_SUM) continue;
    for (int thread = 1; thread < k->threads; thread++) {
      const float *part = accumulator(store, thread);
      for (ptrdiff_t i = 0; i < store->count; i++)
        store->data[i] = store->kind == CK_REDUCE_SUM ? store->data[i] + part[i] : larger(store->data[i], part[i]);
    }
  }
}

void ck_run_elementwise(const ck_elementwise *k) {
  job j = tiles_of(k);
  ck_parallel(k->threads, run, &j);
  ck_combine_reductions(k);
}
