#include "CKernels.h"
#include <dnnl.h>
#include <stdlib.h>
#include <string.h>

#if DNNL_VERSION_MAJOR > 2
#error "oneDNN 3 describes primitives differently: see the wanted calls in create_descriptor"
#endif

// One convolution: images in memory as [batch, height, width, channels], kernels as [out, in, height, width] outside
// and in whatever order the primitive prefers inside.
struct ck_convolution {
  int kind;
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_t primitive, reorder;
  dnnl_memory_t images, outputs, weights, plain_weights, scratchpad, reorder_scratchpad;
  void *owned[3];
};

static void *aligned(size_t bytes) {
  void *memory = NULL;
  return posix_memalign(&memory, 64, bytes ? bytes : 64) == 0 ? memory : NULL;
}

#define TRY(call)                        \
  do {                                   \
    status = (call);                     \
    if (status != dnnl_success) goto out; \
  } while (0)

static dnnl_status_t create_descriptor(dnnl_primitive_desc_t *result, const ck_convolution_shape *s,
                                       const dnnl_memory_desc_t *images, const dnnl_memory_desc_t *weights,
                                       const dnnl_memory_desc_t *outputs, dnnl_engine_t engine,
                                       const_dnnl_primitive_attr_t attributes) {
  const dnnl_dims_t strides = {s->stride[0], s->stride[1]}, dilates = {s->dilation[0] - 1, s->dilation[1] - 1},
                    low = {s->padding_low[0], s->padding_low[1]}, high = {s->padding_high[0], s->padding_high[1]};
  dnnl_convolution_desc_t forward, descriptor;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
      &forward, dnnl_forward_training, dnnl_convolution_direct, images, weights, NULL, outputs, strides, dilates, low, high);
  if (status != dnnl_success) return status;
  if (s->kind == CK_CONVOLUTION_FORWARD) return dnnl_primitive_desc_create(result, &forward, attributes, engine, NULL);
  if (s->kind == CK_CONVOLUTION_DATA)
    status = dnnl_dilated_convolution_backward_data_desc_init(&descriptor, dnnl_convolution_direct, images, weights, outputs,
                                                              strides, dilates, low, high);
  else
    status = dnnl_dilated_convolution_backward_weights_desc_init(&descriptor, dnnl_convolution_direct, images, weights, NULL,
                                                                 outputs, strides, dilates, low, high);
  if (status != dnnl_success) return status;
  dnnl_primitive_desc_t hint = NULL;
  status = dnnl_primitive_desc_create(&hint, &forward, NULL, engine, NULL);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_desc_create(result, &descriptor, attributes, engine, hint);
  dnnl_primitive_desc_destroy(hint);
  return status;
}

int ck_convolution_create(const ck_convolution_shape *s, ck_convolution **result) {
  *result = NULL;
  dnnl_status_t status = dnnl_out_of_memory;
  dnnl_primitive_desc_t descriptor = NULL, reorder_descriptor = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  ck_convolution *c = calloc(1, sizeof *c);
  if (!c) return status;
  c->kind = s->kind;
  TRY(dnnl_engine_create(&c->engine, dnnl_cpu, 0));
  TRY(dnnl_stream_create(&c->stream, c->engine, dnnl_stream_default_flags));
  TRY(dnnl_primitive_attr_create(&attributes));
  TRY(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));

  dnnl_memory_desc_t images, outputs, any_weights, plain_weights;
  const dnnl_dims_t image_dims = {s->batch, s->in_channels, s->in_height, s->in_width},
                    output_dims = {s->batch, s->out_channels, s->out_height, s->out_width},
                    grouped_dims = {s->groups, s->out_channels / s->groups, s->in_channels / s->groups, s->kernel_height,
                                    s->kernel_width},
                    weight_dims = {s->out_channels, s->in_channels, s->kernel_height, s->kernel_width};
  const int grouped = s->groups > 1;
  const dnnl_dim_t *kernel_dims = grouped ? grouped_dims : weight_dims;
  TRY(dnnl_memory_desc_init_by_tag(&images, 4, image_dims, dnnl_f32, dnnl_nhwc));
  TRY(dnnl_memory_desc_init_by_tag(&outputs, 4, output_dims, dnnl_f32, dnnl_nhwc));
  TRY(dnnl_memory_desc_init_by_tag(&any_weights, 4 + grouped, kernel_dims, dnnl_f32, dnnl_format_tag_any));
  TRY(dnnl_memory_desc_init_by_tag(&plain_weights, 4 + grouped, kernel_dims, dnnl_f32, grouped ? dnnl_goihw : dnnl_oihw));
  TRY(create_descriptor(&descriptor, s, &images, &any_weights, &outputs, c->engine, attributes));
  TRY(dnnl_primitive_create(&c->primitive, descriptor));

  const int weights_role = s->kind == CK_CONVOLUTION_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
  const dnnl_memory_desc_t *weights = dnnl_primitive_desc_query_md(descriptor, weights_role, 0);
  const dnnl_memory_desc_t *scratchpad = dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
  TRY(dnnl_memory_create(&c->images, &images, c->engine, DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(&c->outputs, &outputs, c->engine, DNNL_MEMORY_NONE));
  c->owned[0] = aligned(dnnl_memory_desc_get_size(scratchpad));
  status = dnnl_out_of_memory;
  if (!c->owned[0]) goto out;
  TRY(dnnl_memory_create(&c->scratchpad, scratchpad, c->engine, c->owned[0]));
  TRY(dnnl_memory_create(&c->plain_weights, &plain_weights, c->engine, DNNL_MEMORY_NONE));
  if (dnnl_memory_desc_equal(weights, &plain_weights)) {
    TRY(dnnl_memory_create(&c->weights, weights, c->engine, DNNL_MEMORY_NONE));
  } else {
    c->owned[1] = aligned(dnnl_memory_desc_get_size(weights));
    status = dnnl_out_of_memory;
    if (!c->owned[1]) goto out;
    // Padded blocks are read by the primitive and never written by the reorder's own part of them.
    memset(c->owned[1], 0, dnnl_memory_desc_get_size(weights));
    TRY(dnnl_memory_create(&c->weights, weights, c->engine, c->owned[1]));
    const int into_plain = s->kind == CK_CONVOLUTION_WEIGHTS;
    TRY(dnnl_reorder_primitive_desc_create(&reorder_descriptor, into_plain ? weights : &plain_weights, c->engine,
                                           into_plain ? &plain_weights : weights, c->engine, attributes));
    TRY(dnnl_primitive_create(&c->reorder, reorder_descriptor));
    const dnnl_memory_desc_t *pad = dnnl_primitive_desc_query_md(reorder_descriptor, dnnl_query_scratchpad_md, 0);
    c->owned[2] = aligned(dnnl_memory_desc_get_size(pad));
    status = dnnl_out_of_memory;
    if (!c->owned[2]) goto out;
    TRY(dnnl_memory_create(&c->reorder_scratchpad, pad, c->engine, c->owned[2]));
  }
  status = dnnl_success;
out:
  dnnl_primitive_desc_destroy(descriptor);
  dnnl_primitive_desc_destroy(reorder_descriptor);
  dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) *result = c;
  else ck_convolution_destroy(c);
  return status;
}

void ck_convolution_destroy(ck_convolution *c) {
  if (!c) return;
  dnnl_memory_destroy(c->images);
  dnnl_memory_destroy(c->outputs);
  dnnl_memory_destroy(c->weights);
  dnnl_memory_destroy(c->plain_weights);
  dnnl_memory_destroy(c->scratchpad);
  dnnl_memory_destroy(c->reorder_scratchpad);
  dnnl_primitive_destroy(c->primitive);
  dnnl_primitive_destroy(c->reorder);
  dnnl_stream_destroy(c->stream);
  dnnl_engine_destroy(c->engine);
  for (int i = 0; i < 3; i++) free(c->owned[i]);
  free(c);
}

static void reorder_weights(const ck_convolution *c, dnnl_memory_t from, dnnl_memory_t to) {
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}, {DNNL_ARG_SCRATCHPAD, c->reorder_scratchpad}};
  dnnl_primitive_execute(c->reorder, c->stream, 3, arguments);
}

static void bind_weights(const ck_convolution *c, const float *kernels) {
  if (c->reorder) {
    dnnl_memory_set_data_handle_v2(c->plain_weights, (void *)kernels, c->stream);
    reorder_weights(c, c->plain_weights, c->weights);
  } else {
    dnnl_memory_set_data_handle_v2(c->weights, (void *)kernels, c->stream);
  }
}

void ck_run_convolution(const ck_convolution *c, const float *first, const float *second, float *result) {
  switch (c->kind) {
  case CK_CONVOLUTION_FORWARD: {
    bind_weights(c, second);
    dnnl_memory_set_data_handle_v2(c->images, (void *)first, c->stream);
    dnnl_memory_set_data_handle_v2(c->outputs, result, c->stream);
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, c->images},
                                         {DNNL_ARG_WEIGHTS, c->weights},
                                         {DNNL_ARG_DST, c->outputs},
                                         {DNNL_ARG_SCRATCHPAD, c->scratchpad}};
    dnnl_primitive_execute(c->primitive, c->stream, 4, arguments);
    break;
  }
  case CK_CONVOLUTION_DATA: {
    bind_weights(c, second);
    dnnl_memory_set_data_handle_v2(c->outputs, (void *)first, c->stream);
    dnnl_memory_set_data_handle_v2(c->images, result, c->stream);
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_DIFF_DST, c->outputs},
                                         {DNNL_ARG_WEIGHTS, c->weights},
                                         {DNNL_ARG_DIFF_SRC, c->images},
                                         {DNNL_ARG_SCRATCHPAD, c->scratchpad}};
    dnnl_primitive_execute(c->primitive, c->stream, 4, arguments);
    break;
  }
  default: {
    dnnl_memory_set_data_handle_v2(c->images, (void *)first, c->stream);
    dnnl_memory_set_data_handle_v2(c->outputs, (void *)second, c->stream);
    if (!c->reorder) dnnl_memory_set_data_handle_v2(c->weights, result, c->stream);
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, c->images},
                                         {DNNL_ARG_DIFF_DST, c->outputs},
                                         {DNNL_ARG_DIFF_WEIGHTS, c->weights},
                                         {DNNL_ARG_SCRATCHPAD, c->scratchpad}};
    dnnl_primitive_execute(c->primitive, c->stream, 4, arguments);
    if (c->reorder) {
      dnnl_memory_set_data_handle_v2(c->plain_weights, result, c->stream);
      reorder_weights(c, c->weights, c->plain_weights);
    }
  }
  }
}
