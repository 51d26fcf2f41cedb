#include "CKernels.h"
#include "columns.h"
#include "onednn.h"
#include <pthread.h>
#include <string.h>

// What a convolution needs before its memory is known, and a primitive bound to its memory.

struct ck_convolution_plan {
  int kind;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  layout images, outputs, packed, plain, bias;
  // Where a matrix product serves better than the library's convolution: its windows, and the sizes of images `size`.
  int is_product, is_bf16, threads;
  windows windows;
  ptrdiff_t rows, inner, channels;
  layout columns, pixels, kernels;
};

struct ck_primitive {
  dnnl_stream_t stream;
  dnnl_primitive_t primitive;
  int owns_primitive, count;
  dnnl_exec_arg_t arguments[5];
  // A convolution as a product.
  const ck_convolution_plan *plan;
  void *images, *columns;
  float *sums;
  ck_matmul product;
};

#define TRY(call)                         \
  do {                                    \
    status = (call);                      \
    if (status != dnnl_success) goto out; \
  } while (0)

// Primitives, memory and streams only meet on one engine; the process has one, for good.
static dnnl_engine_t engine;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static void create_engine(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

static dnnl_status_t need_engine(void) {
  pthread_once(&engine_once, create_engine);
  return engine ? dnnl_success : dnnl_runtime_error;
}

static dnnl_status_t user_scratchpad(dnnl_primitive_attr_t *result) {
  dnnl_status_t status = dnnl_primitive_attr_create(result);
  return status ? status : dnnl_primitive_attr_set_scratchpad_mode(*result, dnnl_scratchpad_mode_user);
}

// Where a matrix product is faster than the library's convolution, packing included: kernels that outgrow the cache, or
// half of that over few pixels, in the directions and numbers in which that was measured; and the slope of an image of
// few channels, which the library pads to sixteen. A function of the shape alone, so that a run made again is the same.
static int is_better_as_product(const ck_convolution_shape *s) {
  if (s->groups != 1 || s->dilation[0] != 1 || s->dilation[1] != 1 || s->is_free) return 0;
  const int64_t size = s->out_channels * s->in_channels * s->kernel_height * s->kernel_width;
  const int is_large = size >= 1 << 21, is_deep = size >= 1 << 19 && s->out_height * s->out_width <= 16;
  switch (s->kind) {
  case CK_CONVOLUTION_FORWARD: return is_large || (is_deep && s->is_bf16);
  case CK_CONVOLUTION_DATA: return s->in_channels <= 4 || (is_large && s->is_bf16);
  default: return is_large || is_deep;
  }
}

int ck_convolution_takes_epilogue(const ck_convolution_shape *s) {
  return s->kind == CK_CONVOLUTION_FORWARD && !is_better_as_product(s);
}

// What follows the sums of a convolution's outputs before they are stored.
static dnnl_status_t set_activation(dnnl_primitive_attr_t attributes, float slope) {
  dnnl_post_ops_t operations = NULL;
  dnnl_status_t status;
  TRY(dnnl_post_ops_create(&operations));
  TRY(append_relu(operations, slope));
  TRY(dnnl_primitive_attr_set_post_ops(attributes, operations));
out:
  dnnl_post_ops_destroy(operations);
  return status;
}

static dnnl_status_t plan_product(ck_convolution_plan *p, const ck_convolution_shape *s,
                                  const_dnnl_primitive_attr_t attributes) {
  dnnl_status_t status;
  p->is_product = 1;
  p->is_bf16 = s->is_bf16;
  p->windows = (windows){s->batch, s->in_channels, s->in_height, s->in_width, s->out_height, s->out_width,
                         s->kernel_height, s->kernel_width, {s->stride[0], s->stride[1]},
                         {s->padding_low[0], s->padding_low[1]}};
  p->rows = s->batch * s->out_height * s->out_width;
  p->inner = s->kernel_height * s->kernel_width * s->in_channels;
  p->channels = s->out_channels;
  const int data = s->kind == CK_CONVOLUTION_DATA, kernels = s->kind == CK_CONVOLUTION_WEIGHTS;
  const dnnl_dims_t weight_dims = {s->out_channels, s->in_channels, s->kernel_height, s->kernel_width};
  // Kernels as the matrix that the product wants: a row a place in the window, or a row an output channel.
  TRY(layout_create(&p->packed, 4, weight_dims, s->is_bf16 && !kernels ? dnnl_bf16 : dnnl_f32,
                    data ? dnnl_ohwi : dnnl_hwio));
  if (!s->is_bf16) return dnnl_success;
  const int forward = s->kind == CK_CONVOLUTION_FORWARD;
  const dnnl_dims_t columns = {p->rows, p->inner}, turned = {p->inner, p->rows}, pixels = {p->rows, p->channels},
                    out_by_in = {p->channels, p->inner}, in_by_out = {p->inner, p->channels};
  TRY(layout_create(&p->pixels, 2, pixels, dnnl_bf16, dnnl_ab));
  if (data) {
    TRY(layout_create(&p->columns, 2, columns, dnnl_f32, dnnl_ab));
    TRY(layout_create(&p->kernels, 2, out_by_in, dnnl_bf16, dnnl_ab));
    TRY(product_create(&p->descriptor, engine, p->pixels, p->kernels, p->columns, attributes));
  } else if (forward) {
    TRY(layout_create(&p->columns, 2, columns, dnnl_bf16, dnnl_ab));
    TRY(layout_create(&p->kernels, 2, in_by_out, dnnl_bf16, dnnl_ab));
    TRY(product_create(&p->descriptor, engine, p->columns, p->kernels, p->pixels, attributes));
  } else {
    TRY(layout_create(&p->columns, 2, turned, dnnl_bf16, dnnl_ba));
    TRY(layout_create(&p->kernels, 2, in_by_out, dnnl_f32, dnnl_ab));
    TRY(product_create(&p->descriptor, engine, p->columns, p->pixels, p->kernels, attributes));
  }
  TRY(dnnl_primitive_create(&p->primitive, p->descriptor));
out:
  return status;
}

static const_layout queried(const ck_convolution_plan *p, int role) {
  return dnnl_primitive_desc_query_md(p->descriptor, role, 0);
}

int ck_convolution_plan_create(const ck_convolution_shape *s, ck_convolution_plan **result) {
  *result = NULL;
  dnnl_status_t status = dnnl_out_of_memory;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t forward = NULL;
  layout any_weights = NULL, any_gradient = NULL;
  ck_convolution_plan *p = calloc(1, sizeof *p);
  if (!p) return status;
  p->kind = s->kind;
  TRY(need_engine());
  TRY(user_scratchpad(&attributes));

  const window w = {{s->stride[0], s->stride[1]},
                    {s->dilation[0] - 1, s->dilation[1] - 1},
                    {s->padding_low[0], s->padding_low[1]},
                    {s->padding_high[0], s->padding_high[1]}};
  const dnnl_dims_t image_dims = {s->batch, s->in_channels, s->in_height, s->in_width},
                    output_dims = {s->batch, s->out_channels, s->out_height, s->out_width},
                    grouped_dims = {s->groups, s->out_channels / s->groups, s->in_channels / s->groups, s->kernel_height,
                                    s->kernel_width},
                    weight_dims = {s->out_channels, s->in_channels, s->kernel_height, s->kernel_width};
  const int grouped = s->groups > 1, rank = 4 + grouped;
  const dnnl_dim_t *kernel_dims = grouped ? grouped_dims : weight_dims;
  const int data = s->kind == CK_CONVOLUTION_DATA;
  const dnnl_data_type_t type = s->is_bf16 ? dnnl_bf16 : dnnl_f32;
  const dnnl_format_tag_t order = s->is_free ? dnnl_format_tag_any : dnnl_nhwc;
  TRY(layout_create(&p->images, 4, image_dims, type, order));
  TRY(layout_create(&p->outputs, 4, output_dims, type, order));
  TRY(layout_create(&any_weights, rank, kernel_dims, type, dnnl_format_tag_any));
  // Variables are f32 in both precisions, and so is the sum over the batch that a weight gradient is.
  TRY(layout_create(&p->plain, rank, kernel_dims, dnnl_f32, grouped ? dnnl_goihw : dnnl_oihw));
  p->threads = s->threads;
  if (is_better_as_product(s)) {
    status = plan_product(p, s, attributes);
    goto out;
  }
  const dnnl_dims_t bias_dims = {s->out_channels};
  if (s->has_bias) TRY(layout_create(&p->bias, 1, bias_dims, dnnl_f32, dnnl_a));
  if (s->has_activation) TRY(set_activation(attributes, s->slope));
  TRY(forward_create(&forward, engine, p->images, any_weights, p->bias, p->outputs, &w, attributes));
  int role = dnnl_query_weights_md;
  if (s->kind == CK_CONVOLUTION_FORWARD) {
    p->descriptor = forward;
    forward = NULL;
  } else if (s->kind == CK_CONVOLUTION_DATA) {
    TRY(data_create(&p->descriptor, engine, p->images, any_weights, p->outputs, &w, forward, attributes));
  } else {
    TRY(layout_create(&any_gradient, rank, kernel_dims, dnnl_f32, dnnl_format_tag_any));
    TRY(weights_create(&p->descriptor, engine, p->images, any_gradient, p->outputs, &w, forward, attributes));
    role = dnnl_query_diff_weights_md;
  }
  TRY(layout_copy(&p->packed, queried(p, role)));
  if (s->is_free) {
    layout_destroy(p->images);
    layout_destroy(p->outputs);
    p->images = p->outputs = NULL;
    TRY(layout_copy(&p->images, queried(p, data ? dnnl_query_diff_src_md : dnnl_query_src_md)));
    TRY(layout_copy(&p->outputs, queried(p, s->kind ? dnnl_query_diff_dst_md : dnnl_query_dst_md)));
  }
  TRY(dnnl_primitive_create(&p->primitive, p->descriptor));
  status = dnnl_success;
out:
  layout_destroy(any_weights);
  layout_destroy(any_gradient);
  dnnl_primitive_desc_destroy(forward);
  dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) *result = p;
  else ck_convolution_plan_destroy(p);
  return status;
}

void ck_convolution_plan_destroy(ck_convolution_plan *p) {
  if (!p) return;
  dnnl_primitive_destroy(p->primitive);
  dnnl_primitive_desc_destroy(p->descriptor);
  layout_destroy(p->images);
  layout_destroy(p->outputs);
  layout_destroy(p->packed);
  layout_destroy(p->plain);
  layout_destroy(p->bias);
  layout_destroy(p->columns);
  layout_destroy(p->pixels);
  layout_destroy(p->kernels);
  free(p);
}

int ck_convolution_is_plain(const ck_convolution_plan *p) { return dnnl_memory_desc_equal(p->packed, p->plain); }

int ck_convolution_packs_alike(const ck_convolution_plan *a, const ck_convolution_plan *b) {
  return dnnl_memory_desc_equal(a->packed, b->packed);
}

size_t ck_convolution_packed_bytes(const ck_convolution_plan *p) { return dnnl_memory_desc_get_size(p->packed); }

size_t ck_convolution_image_bytes(const ck_convolution_plan *p) { return dnnl_memory_desc_get_size(p->images); }
size_t ck_convolution_output_bytes(const ck_convolution_plan *p) { return dnnl_memory_desc_get_size(p->outputs); }

// Of a product's scratch memory: the columns, then one image of sums a thread, then the library's own; each a multiple of
// 64 bytes.
static size_t column_bytes(const ck_convolution_plan *p) {
  const size_t size = p->is_bf16 && p->kind != CK_CONVOLUTION_DATA ? 2 : 4;
  return ((size_t)(p->rows * p->inner) * size + 63) / 64 * 64;
}

static size_t sum_bytes(const ck_convolution_plan *p) {
  if (!p->is_bf16 || p->kind != CK_CONVOLUTION_DATA) return 0;
  const windows *w = &p->windows;
  return ((size_t)(w->height * w->width * w->channels * p->threads) * sizeof(float) + 63) / 64 * 64;
}

size_t ck_convolution_scratch_bytes(const ck_convolution_plan *p) {
  if (p->is_product)
    return column_bytes(p) + sum_bytes(p) +
           (p->descriptor ? dnnl_memory_desc_get_size(queried(p, dnnl_query_scratchpad_md)) : 0);
  return dnnl_memory_desc_get_size(queried(p, dnnl_query_scratchpad_md));
}

static dnnl_status_t bind(ck_primitive *p, int argument, const_layout where, void *memory) {
  dnnl_exec_arg_t *slot = &p->arguments[p->count];
  slot->arg = argument;
  dnnl_status_t status = dnnl_memory_create(&slot->memory, where, engine, memory);
  if (status == dnnl_success) p->count++;
  return status;
}

static ck_primitive *primitive_new(void) {
  ck_primitive *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  if (need_engine() == dnnl_success &&
      dnnl_stream_create(&p->stream, engine, dnnl_stream_default_flags) == dnnl_success)
    return p;
  ck_primitive_destroy(p);
  return NULL;
}

static dnnl_status_t bind_product(ck_primitive *p, const ck_convolution_plan *plan, void *images, void *weights,
                                  void *outputs, void *scratch) {
  dnnl_status_t status = dnnl_success;
  const int data = plan->kind == CK_CONVOLUTION_DATA, kernels = plan->kind == CK_CONVOLUTION_WEIGHTS;
  p->plan = plan;
  p->images = images;
  p->columns = scratch;
  p->sums = (float *)((char *)scratch + column_bytes(plan));
  if (plan->descriptor) {
    TRY(bind(p, data ? DNNL_ARG_DST : DNNL_ARG_SRC, plan->columns, p->columns));
    TRY(bind(p, data ? DNNL_ARG_SRC : kernels ? DNNL_ARG_WEIGHTS : DNNL_ARG_DST, plan->pixels, outputs));
    TRY(bind(p, kernels ? DNNL_ARG_DST : DNNL_ARG_WEIGHTS, plan->kernels, weights));
    TRY(bind(p, DNNL_ARG_SCRATCHPAD, queried(plan, dnnl_query_scratchpad_md), (char *)p->sums + sum_bytes(plan)));
  } else if (data) {
    p->product = (ck_matmul){outputs,        weights,     p->columns,  plan->rows, plan->inner, plan->channels,
                             plan->channels, plan->inner, plan->inner, 0,          0};
  } else if (kernels) {
    p->product = (ck_matmul){p->columns,  outputs,        weights,        plan->inner, plan->channels, plan->rows,
                             plan->inner, plan->channels, plan->channels, 1,           0};
  } else {
    p->product = (ck_matmul){p->columns,  weights,        outputs,        plan->rows, plan->channels, plan->inner,
                             plan->inner, plan->channels, plan->channels, 0,          0};
  }
out:
  return status;
}

int ck_convolution_bind(const ck_convolution_plan *plan, void *images, void *weights, void *bias, void *outputs,
                        void *scratch, ck_primitive **result) {
  *result = NULL;
  dnnl_status_t status = dnnl_out_of_memory;
  ck_primitive *p = primitive_new();
  if (!p) return status;
  p->primitive = plan->primitive;
  if (plan->is_product) {
    status = bind_product(p, plan, images, weights, outputs, scratch);
    goto out;
  }
  const int data = plan->kind == CK_CONVOLUTION_DATA, kernels = plan->kind == CK_CONVOLUTION_WEIGHTS;
  TRY(bind(p, data ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, plan->images, images));
  TRY(bind(p, kernels ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, plan->packed, weights));
  TRY(bind(p, data || kernels ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, plan->outputs, outputs));
  if (plan->bias) TRY(bind(p, DNNL_ARG_BIAS, plan->bias, bias));
  TRY(bind(p, DNNL_ARG_SCRATCHPAD, queried(plan, dnnl_query_scratchpad_md), scratch));
out:
  if (status == dnnl_success) *result = p;
  else ck_primitive_destroy(p);
  return status;
}

static dnnl_status_t reorder(const_layout source, const_layout target, void *from, void *to, ck_primitive **result) {
  *result = NULL;
  dnnl_status_t status = dnnl_out_of_memory;
  dnnl_primitive_desc_t descriptor = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  ck_primitive *p = primitive_new();
  if (!p) return status;
  TRY(dnnl_primitive_attr_create(&attributes));
  TRY(dnnl_reorder_primitive_desc_create(&descriptor, source, engine, target, engine, attributes));
  TRY(dnnl_primitive_create(&p->primitive, descriptor));
  p->owns_primitive = 1;
  TRY(bind(p, DNNL_ARG_FROM, source, from));
  TRY(bind(p, DNNL_ARG_TO, target, to));
out:
  dnnl_primitive_desc_destroy(descriptor);
  dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) *result = p;
  else ck_primitive_destroy(p);
  return status;
}

int ck_convolution_pack(const ck_convolution_plan *plan, void *plain, void *packed, ck_primitive **result) {
  return reorder(plan->plain, plan->packed, plain, packed, result);
}

int ck_convolution_unpack(const ck_convolution_plan *plan, void *packed, void *plain, ck_primitive **result) {
  return reorder(plan->packed, plan->plain, packed, plain, result);
}

void ck_primitive_destroy(ck_primitive *p) {
  if (!p) return;
  for (int i = 0; i < p->count; i++) dnnl_memory_destroy(p->arguments[i].memory);
  if (p->owns_primitive) dnnl_primitive_destroy(p->primitive);
  dnnl_stream_destroy(p->stream);
  free(p);
}

static void run_product(const ck_primitive *p) {
  const ck_convolution_plan *plan = p->plan;
  const int data = plan->kind == CK_CONVOLUTION_DATA;
  if (!data) gather_windows(&plan->windows, p->images, p->columns, plan->is_bf16 ? 2 : 4, plan->threads);
  if (p->primitive) dnnl_primitive_execute(p->primitive, p->stream, p->count, p->arguments);
  else ck_run_matmul(&p->product);
  if (data) sum_windows(&plan->windows, p->columns, p->images, plan->is_bf16, p->sums, plan->threads);
}

void ck_run_primitive(const ck_primitive *p) {
  if (p->plan) {
    run_product(p);
    return;
  }
  dnnl_primitive_execute(p->primitive, p->stream, p->count, p->arguments);
}

int ck_has_bf16(void) {
  return dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core_bf16;
}
