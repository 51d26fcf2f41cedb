"""Writes the event files of Tests/EventFilesTests/Data: with PyTorch's SummaryWriter, and with TensorBoard's own messages.

    python3 -m venv VENV && VENV/bin/pip install torch tensorboard && VENV/bin/python scripts/parity/make_events.py

- torch/: what SummaryWriter writes (scalars in three ways, pictures, a text, a histogram, hyperparameters, and a
  restart), and torch.json: what TensorBoard's EventAccumulator reads of it.
- reference.tfevents: messages made and framed by TensorBoard; a test writes the same content with our writer and
  compares the bytes.
"""

import glob
import json
import os
import shutil

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util
from torch.utils.tensorboard import SummaryWriter

DATA = os.path.join(os.path.dirname(__file__), "../../Tests/EventFilesTests/Data")


def torch_files():
    folder = os.path.join(DATA, "torch")
    shutil.rmtree(folder, ignore_errors=True)
    start = 1_700_000_000.0
    writer = SummaryWriter(folder)
    for step in range(0, 50, 5):
        writer.add_scalar("Loss/train", 1.0 / (step + 1), step, walltime=start + step)
        writer.add_scalar("Loss/tensor", 0.1 * step, step, walltime=start + step, new_style=True)
        writer.add_scalar("Loss/double", step / 3, step, walltime=start + step, double_precision=True)
    writer.add_scalar("Loss/odd", float("nan"), 1, walltime=start)
    writer.add_scalar("Loss/odd", float("inf"), 2, walltime=start)
    ramp = np.linspace(0, 255, 3 * 4 * 6).astype(np.uint8).reshape(3, 4, 6)
    writer.add_image("Samples", ramp, 5, walltime=start + 5)
    writer.add_image("Samples", 255 - ramp, 10, walltime=start + 10)
    writer.add_text("Notes", "a text that nobody plots", 0, walltime=start)
    writer.add_histogram("Weights", np.arange(8.0), 0, walltime=start)
    writer.close()
    rename(folder, "events.out.tfevents.1700000000.host.1")
    # The program went back to step 30 and went on.
    writer = SummaryWriter(folder, purge_step=30)
    for step in range(30, 45, 5):
        writer.add_scalar("Loss/train", 2.0 + step, step, walltime=start + 100 + step)
    writer.add_hparams({"rate": 2e-4, "batch": 64, "norm": True, "optimizer": "adam"}, {"hparam/score": 0.5}, run_name="session")
    writer.close()
    rename(folder, "events.out.tfevents.1700000100.host.1")
    rename(os.path.join(folder, "session"), "events.out.tfevents.1700000200.host.1")

    expected = {}
    for run in ["", "session"]:
        accumulator = EventAccumulator(os.path.join(folder, run), {"scalars": 0, "tensors": 0})
        accumulator.Reload()
        tags = accumulator.Tags()
        # A number's text, since JSON has none for those that are not finite.
        for tag in tags["scalars"]:
            name = f"{run}/{tag}" if run else tag
            expected[name] = [[event.step, str(event.wall_time), str(event.value)] for event in accumulator.Scalars(tag)]
        if not run:
            # The accumulator does not purge tensors at a restart, as TensorBoard's data server does.
            expected["Loss/tensor"] = [
                [event.step, str(event.wall_time), str(float(tensor_util.make_ndarray(event.tensor_proto)))]
                for event in accumulator.Tensors("Loss/tensor")
                if event.step < 30
            ]
    with open(os.path.join(DATA, "torch.json"), "w") as file:
        json.dump(expected, file, sort_keys=True)
        file.write("\n")


def rename(folder, name):
    files = [path for path in glob.glob(os.path.join(folder, "events*")) if not path.endswith(".host.1")]
    assert len(files) == 1, files
    os.rename(files[0], os.path.join(folder, name))


def reference_file():
    summary = summary_pb2.Summary()
    summary.value.add(tag="loss/generator", simple_value=0.75)
    summary.value.add(tag="loss/é", simple_value=float("nan"))
    image = summary_pb2.Summary.Image(height=2, width=3, colorspace=3, encoded_image_string=bytes(range(256)))
    picture = summary_pb2.Summary()
    picture.value.add(tag="samples", image=image)
    tensor = summary_pb2.Summary()
    value = tensor.value.add(tag="tensor", tensor=tensor_util.make_tensor_proto(0.5, dtype="float32"))
    value.tensor.tensor_content = b""
    value.tensor.float_val[:] = [0.5]
    value.metadata.plugin_data.plugin_name = "scalars"

    session = summary_pb2.Summary()
    start = plugin_data_pb2.SessionStartInfo(start_time_secs=1.5)
    start.hparams["batch"].number_value = 64
    add_hparams(session, metadata.SESSION_START_INFO_TAG, plugin_data_pb2.HParamsPluginData(session_start_info=start))
    end = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS, end_time_secs=2.5)
    add_hparams(session, metadata.SESSION_END_INFO_TAG, plugin_data_pb2.HParamsPluginData(session_end_info=end))

    restart = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    events = [
        event_pb2.Event(wall_time=1_700_000_000.25, file_version="brain.Event:2"),
        event_pb2.Event(wall_time=1_700_000_001.5, step=1, summary=summary),
        event_pb2.Event(wall_time=1_700_000_002.5, step=300, summary=picture),
        event_pb2.Event(wall_time=1_700_000_003.5, step=5_000_000_000, summary=tensor),
        event_pb2.Event(wall_time=1_700_000_004.5, summary=session),
        event_pb2.Event(wall_time=1_700_000_005.5, step=200, session_log=restart),
    ]
    with open(os.path.join(DATA, "reference.tfevents"), "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString(deterministic=True))


def add_hparams(summary, tag, data):
    summary.value.add(tag=tag, metadata=metadata.create_summary_metadata(data), tensor=metadata.NULL_TENSOR)


if __name__ == "__main__":
    os.makedirs(DATA, exist_ok=True)
    torch_files()
    reference_file()
