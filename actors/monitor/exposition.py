"""The numbers of a run in Prometheus' text format, by a registry of its own.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from core.metrics import COUNTERS, GAUGES, HISTOGRAMS, Counter, Histogram, Metrics

PREFIX = "vestnik_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Gauges = Mapping[str, Mapping[str, float]]
"""Name -> label -> value; a gauge without labels has the label ""."""


class Exposition:
    """Writes down a run's counters, what the database said last, and the process's own numbers."""

    def __init__(self, metrics: Metrics) -> None:
        self._own = _Own(metrics)
        self._registry = CollectorRegistry()
        self._registry.register(self._own)
        ProcessCollector(registry=self._registry)

    def text(self, gauges: Gauges) -> bytes:
        """Return all numbers."""
        self._own.gauges = gauges
        return generate_latest(self._registry)


class _Own(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self.gauges: Gauges = {}

    def collect(self) -> Iterator[Metric]:
        for name, (about, label) in COUNTERS.items():
            yield _counter(name, about, label, getattr(self._metrics, name))
        for name, about in HISTOGRAMS.items():
            yield _histogram(name, about, getattr(self._metrics, name))
        for name, (about, label) in GAUGES.items():
            family = GaugeMetricFamily(PREFIX + name, about, labels=[label] if label else [])
            for value, number in self.gauges.get(name, {}).items():
                family.add_metric([value] if label else [], number)
            yield family


def _counter(name: str, about: str, label: str, counter: Counter) -> Metric:
    family = CounterMetricFamily(PREFIX + name, about, labels=[label] if label else [])
    for value, number in counter.values.items():
        family.add_metric([value] if label else [], number)
    return family


def _histogram(name: str, about: str, histogram: Histogram) -> Metric:
    bounds = [*map(str, histogram.bounds), "+Inf"]
    buckets = list(zip(bounds, map(float, accumulate(histogram.counts)), strict=True))
    return HistogramMetricFamily(PREFIX + name, about, buckets=buckets, sum_value=histogram.sum)
