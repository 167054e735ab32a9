"""Synthetic voices in noise, as magnitude spectra.

A voice is a train of pulses with a gliding pitch, shaped by three wandering resonances and switched on and off like
syllables; between them come short hisses. Noise is white, pink, brown, a hum with harmonics, or clicks, in a mixture, from
-5 to +10 dB. Frames of 256 samples, hop 128, Hann window: 129 bins."""
import numpy as np

FRAME, HOP, BINS, RATE = 256, 128, 129, 8000
_WINDOW = np.hanning(FRAME + 1)[:-1]


def _smooth(rng, count, knots, low, high):
    """A random curve of `count` samples through `knots` values in [low, high]."""
    values = rng.uniform(low, high, knots)
    return np.interp(np.linspace(0, knots - 1, count), np.arange(knots), values)


def _voice(rng, count):
    knots = max(3, count // 1200)
    pitch = _smooth(rng, count, knots, .8, 1.25) * rng.uniform(90, 240)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    resonances = [_smooth(rng, count, knots, *span) for span in ((280, 850), (900, 2200), (2300, 3300))]
    widths, strengths = (90, 130, 190), (1.0, rng.uniform(.3, .8), rng.uniform(.1, .4))
    voiced = np.zeros(count)
    for harmonic in range(1, int(3900 / pitch.min()) + 1):
        frequency = pitch * harmonic
        gain = sum(s / (1 + ((frequency - f) / w) ** 2) for f, w, s in zip(resonances, widths, strengths))
        voiced += np.where(frequency < 3900, gain, 0) * np.cos(harmonic * phase + .7 * harmonic)
    # Syllables: a smooth gate; where it is shut, sometimes a hiss.
    gate = np.clip(_smooth(rng, count, max(4, count // 700), -.9, 1.4), 0, 1)
    hiss = np.diff(rng.normal(size=count + 1)) * np.clip(-_smooth(rng, count, max(4, count // 700), -1.6, .8), 0, 1) * .12
    return voiced * gate + hiss


def _coloured(rng, count, slope):
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum *= np.maximum(np.arange(len(spectrum)), 8.0) ** -slope
    return np.fft.irfft(spectrum, count)


def _noise(rng, count):
    t = np.arange(count) / RATE
    hum_base = rng.uniform(45, 130)
    hum = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * hum_base * k * t + rng.uniform(0, 6)) for k in range(1, 9))
    clicks = _coloured(rng, count, 0) * (_smooth(rng, count, max(4, count // 300), -4, 1) > .3)
    parts = [_coloured(rng, count, 0), _coloured(rng, count, .5), _coloured(rng, count, 1.0), hum, clicks]
    shares = rng.dirichlet([.6] * len(parts))
    return sum(a * p / (np.sqrt((p ** 2).mean()) + 1e-9) for a, p in zip(np.sqrt(shares), parts))


def _spectra(signal, frames):
    index = np.arange(frames)[:, None] * HOP + np.arange(FRAME)
    return np.abs(np.fft.rfft(signal[index] * _WINDOW, axis=1))


def dataset(sequences, frames, seed):
    """noisy, clean: [sequences, frames, 129] float32 magnitudes, scaled so that each noisy sequence has mean 1."""
    rng = np.random.default_rng(seed)
    noisy = np.empty((sequences, frames, BINS), np.float32)
    clean = np.empty_like(noisy)
    count = (frames - 1) * HOP + FRAME
    for i in range(sequences):
        voice, noise = _voice(rng, count), _noise(rng, count)
        level = 10 ** (-rng.uniform(-5, 10) / 20)
        noise *= level * np.sqrt((voice ** 2).mean() / ((noise ** 2).mean() + 1e-12))
        mixture = _spectra(voice + noise, frames)
        scale = mixture.mean() + 1e-9
        noisy[i], clean[i] = mixture / scale, _spectra(voice, frames) / scale
    return noisy, clean
