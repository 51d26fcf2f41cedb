"""Loads the event files of a run of gantui with TensorBoard's own readers, and compares them to the run's log.

    gantui train ring8 --runs-dir RUNS --log-format json > LOG
    VENV/bin/python scripts/parity/check_events.py RUNS/ring8 LOG

Every value must be one that the log tells for its step (rounded to 32 bits), every picture must be a PNG file of the size
that it says, and TensorBoard's table of hyperparameters must have the run.
"""

import json
import os
import struct
import sys

from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import backend_context


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def main(run, log):
    reported = {}
    with open(log) as file:
        for line in file:
            fields = json.loads(line)
            for tag, value in fields.items():
                if "/" in tag and "step" in fields:
                    reported.setdefault(tag, set()).add((fields["step"], None if value is None else single(value)))

    accumulator = EventAccumulator(run, {"scalars": 0, "images": 0, "tensors": 0})
    accumulator.Reload()
    tags = accumulator.Tags()["scalars"]
    assert set(tags) == set(reported), set(tags) ^ set(reported)
    count = 0
    for tag in tags:
        steps = [event.step for event in accumulator.Scalars(tag)]
        assert steps == sorted(set(steps)), f"{tag}: steps go back"
        for event in accumulator.Scalars(tag):
            value = single(event.value) if event.value == event.value else None
            assert (event.step, value) in reported[tag], (tag, event)
            count += 1
    pictures = accumulator.Images("samples") if "samples" in accumulator.Tags()["images"] else []
    for picture in pictures:
        encoded = picture.encoded_image_string
        assert encoded[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", encoded[16:24]) == (picture.width, picture.height)

    # What the server does, without the server.
    multiplexer = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance={"scalars": 0})
    multiplexer.AddRunsFromDirectory(os.path.dirname(os.path.abspath(run)))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, os.path.dirname(run))
    context = backend_context.Context(base_plugin.TBContext(logdir=os.path.dirname(run), data_provider=provider))
    request = RequestContext()
    metadata = context.hparams_metadata(request, "")
    experiment = context.experiment_from_metadata(request, "", True, metadata, [])
    names = {info.name: info for info in experiment.hparam_infos}
    assert "schedule.batch" in names and "data.kind" in names, sorted(names)
    metrics = {info.name.tag for info in experiment.metric_infos}
    assert "loss/generator" in metrics, metrics
    print(
        f"{run}: {count} values of {len(tags)} tags, {len(pictures)} pictures,"
        f" {len(names)} hyperparameters, {len(metrics)} metrics in their table"
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
