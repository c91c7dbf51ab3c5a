// Small sounds and how loud a microphone is.

const EVERY_MS = 100;

/**
 * Two soft notes, a third apart.
 * @param {AudioContext} audio
 */
export function chime(audio) {
  for (const [index, frequency] of [659.3, 784].entries()) {
    const at = audio.currentTime + index * 0.22;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.18, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.65);
  }
}

/**
 * Shows the microphone's level in a meter for as long as the meter is on the page.
 * @param {HTMLMeterElement} meter from 0 to 1
 * @param {MediaStream} stream
 */
export function showLevel(meter, stream) {
  if (stream.getAudioTracks().length === 0) return;
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (!meter.isConnected) {
      clearInterval(timer);
      audio.close();
      return;
    }
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // Speech at a usual distance fills about two thirds.
    meter.value = Math.min(1, Math.sqrt(power) * 5);
  }, EVERY_MS);
}
