#include "CKernels.h"
#include "onednn.h"
#include <pthread.h>
#include <string.h>

// What a convolution needs before its memory is known, and a primitive bound to its memory.

struct ck_convolution_plan {
  int kind;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  layout images, outputs, packed, plain;
};

struct ck_primitive {
  dnnl_stream_t stream;
  dnnl_primitive_t primitive;
  int owns_primitive, count;
  dnnl_exec_arg_t arguments[4];
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
  TRY(forward_create(&forward, engine, p->images, any_weights, p->outputs, &w, attributes));
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
  free(p);
}

int ck_convolution_is_plain(const ck_convolution_plan *p) { return dnnl_memory_desc_equal(p->packed, p->plain); }

int ck_convolution_packs_alike(const ck_convolution_plan *a, const ck_convolution_plan *b) {
  return dnnl_memory_desc_equal(a->packed, b->packed);
}

size_t ck_convolution_packed_bytes(const ck_convolution_plan *p) { return dnnl_memory_desc_get_size(p->packed); }

size_t ck_convolution_image_bytes(const ck_convolution_plan *p) { return dnnl_memory_desc_get_size(p->images); }
size_t ck_convolution_output_bytes(const ck_convolution_plan *p) { return dnnl_memory_desc_get_size(p->outputs); }

size_t ck_convolution_scratch_bytes(const ck_convolution_plan *p) {
  return dnnl_memory_desc_get_size(queried(p, dnnl_query_scratchpad_md));
}

const char *ck_convolution_implementation(const ck_convolution_plan *p) {
  const char *name = "";
  dnnl_primitive_desc_query(p->descriptor, dnnl_query_impl_info_str, 0, (void *)&name);
  return name;
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

int ck_convolution_bind(const ck_convolution_plan *plan, void *images, void *weights, void *outputs, void *scratch,
                        ck_primitive **result) {
  *result = NULL;
  dnnl_status_t status = dnnl_out_of_memory;
  ck_primitive *p = primitive_new();
  if (!p) return status;
  p->primitive = plan->primitive;
  const int data = plan->kind == CK_CONVOLUTION_DATA, kernels = plan->kind == CK_CONVOLUTION_WEIGHTS;
  TRY(bind(p, data ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, plan->images, images));
  TRY(bind(p, kernels ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, plan->packed, weights));
  TRY(bind(p, data || kernels ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, plan->outputs, outputs));
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

void ck_run_primitive(const ck_primitive *p) {
  dnnl_primitive_execute(p->primitive, p->stream, p->count, p->arguments);
}

int ck_has_bf16(void) {
  return dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core_bf16;
}
