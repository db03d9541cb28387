"""Event files as TensorBoard's own package writes them: tensorboard_events.json, for tensorboard-events.test.ts.

Run with: pip install tensorboard==2.21.0; python tensorboard_events.py
"""
import base64
import io
import json
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

EVENTS = [
    {'wallTime': 1700000000.25, 'step': 1, 'values': {'loss/training': 0.693, 'loss/validation': 0.7}},
    {'wallTime': 1700000012.5, 'step': 2, 'values': {'learning rate': 1e-3}},
    {'wallTime': 1700000099.0, 'step': 300, 'values': {'accuracy – étude': -1.5e10, 'x' * 200: 0.0}},
    {'wallTime': 1700000100.0, 'step': 70000000000, 'values': {'test/AUC': 1.0}},
]


def write(events):
    buffer = io.BytesIO()
    writer = RecordWriter(buffer)
    wall_time = events[0]['wallTime'] if events else 0
    records = [Event(wall_time=wall_time, file_version='brain.Event:2')] + [
        Event(wall_time=event['wallTime'], step=event['step'], summary=Summary(value=[
            Summary.Value(tag=tag, simple_value=value) for tag, value in event['values'].items()
        ])) for event in events
    ]
    for one in records:
        writer.write(one.SerializeToString(deterministic=True))
    return base64.b64encode(buffer.getvalue()).decode()


def main():
    cases = [{'events': EVENTS[:count], 'file': write(EVENTS[:count])} for count in (1, len(EVENTS))]
    path = Path(__file__).with_suffix('.json')
    path.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + '\n')


main()
