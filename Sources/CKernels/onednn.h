// Everything in which oneDNN 2 and oneDNN 3 differ, behind one set of names; no other file asks for the version.
#pragma once
#include <dnnl.h>
#include <stdlib.h>

#if DNNL_VERSION_MAJOR < 2 || DNNL_VERSION_MAJOR > 3
#error "gantui knows oneDNN 2 and oneDNN 3"
#endif

typedef struct {
  dnnl_dims_t strides, dilates, low, high;
} window;

#if DNNL_VERSION_MAJOR == 2

// A descriptor of memory is a plain struct in oneDNN 2: layout_create puts it on the heap, as oneDNN 3 does.
typedef dnnl_memory_desc_t *layout;
typedef const dnnl_memory_desc_t *const_layout;

static inline dnnl_status_t layout_create(layout *result, int rank, const dnnl_dims_t dims, dnnl_data_type_t type,
                                          dnnl_format_tag_t tag) {
  *result = malloc(sizeof **result);
  return *result ? dnnl_memory_desc_init_by_tag(*result, rank, dims, type, tag) : dnnl_out_of_memory;
}

static inline dnnl_status_t layout_copy(layout *result, const_layout source) {
  *result = malloc(sizeof **result);
  if (!*result) return dnnl_out_of_memory;
  **result = *source;
  return dnnl_success;
}

static inline void layout_destroy(layout l) { free(l); }

static inline dnnl_status_t forward_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout images,
                                           const_layout weights, const_layout bias, const_layout outputs,
                                           const window *w, const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t d;
  dnnl_status_t status =
      dnnl_dilated_convolution_forward_desc_init(&d, dnnl_forward_training, dnnl_convolution_direct, images, weights,
                                                 bias, outputs, w->strides, w->dilates, w->low, w->high);
  return status ? status : dnnl_primitive_desc_create(result, &d, attributes, engine, NULL);
}

static inline dnnl_status_t data_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout images,
                                        const_layout weights, const_layout outputs, const window *w,
                                        const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t d;
  dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(
      &d, dnnl_convolution_direct, images, weights, outputs, w->strides, w->dilates, w->low, w->high);
  return status ? status : dnnl_primitive_desc_create(result, &d, attributes, engine, hint);
}

static inline dnnl_status_t weights_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout images,
                                           const_layout weights, const_layout outputs, const window *w,
                                           const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t d;
  dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(
      &d, dnnl_convolution_direct, images, weights, NULL, outputs, w->strides, w->dilates, w->low, w->high);
  return status ? status : dnnl_primitive_desc_create(result, &d, attributes, engine, hint);
}

static inline dnnl_status_t product_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout a,
                                           const_layout b, const_layout c, const_dnnl_primitive_attr_t attributes) {
  dnnl_matmul_desc_t d;
  dnnl_status_t status = dnnl_matmul_desc_init(&d, a, b, NULL, c);
  return status ? status : dnnl_primitive_desc_create(result, &d, attributes, engine, NULL);
}

static inline dnnl_status_t append_relu(dnnl_post_ops_t operations, float slope) {
  return dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, slope, 0);
}

#else

typedef dnnl_memory_desc_t layout;
typedef const_dnnl_memory_desc_t const_layout;

static inline dnnl_status_t layout_create(layout *result, int rank, const dnnl_dims_t dims, dnnl_data_type_t type,
                                          dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(result, rank, dims, type, tag);
}

static inline dnnl_status_t layout_copy(layout *result, const_layout source) {
  return dnnl_memory_desc_clone(result, source);
}

static inline void layout_destroy(layout l) {
  if (l) dnnl_memory_desc_destroy(l);
}

static inline dnnl_status_t forward_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout images,
                                           const_layout weights, const_layout bias, const_layout outputs,
                                           const window *w, const_dnnl_primitive_attr_t attributes) {
  return dnnl_convolution_forward_primitive_desc_create(result, engine, dnnl_forward_training, dnnl_convolution_direct,
                                                        images, weights, bias, outputs, w->strides, w->dilates, w->low,
                                                        w->high, attributes);
}

static inline dnnl_status_t data_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout images,
                                        const_layout weights, const_layout outputs, const window *w,
                                        const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes) {
  return dnnl_convolution_backward_data_primitive_desc_create(result, engine, dnnl_convolution_direct, images, weights,
                                                              outputs, w->strides, w->dilates, w->low, w->high, hint,
                                                              attributes);
}

static inline dnnl_status_t weights_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout images,
                                           const_layout weights, const_layout outputs, const window *w,
                                           const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes) {
  return dnnl_convolution_backward_weights_primitive_desc_create(result, engine, dnnl_convolution_direct, images,
                                                                 weights, NULL, outputs, w->strides, w->dilates,
                                                                 w->low, w->high, hint, attributes);
}

static inline dnnl_status_t product_create(dnnl_primitive_desc_t *result, dnnl_engine_t engine, const_layout a,
                                           const_layout b, const_layout c, const_dnnl_primitive_attr_t attributes) {
  return dnnl_matmul_primitive_desc_create(result, engine, a, b, NULL, c, attributes);
}

static inline dnnl_status_t append_relu(dnnl_post_ops_t operations, float slope) {
  return dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, slope, 0);
}

#endif
