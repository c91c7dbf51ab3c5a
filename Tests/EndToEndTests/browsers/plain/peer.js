// The least that makes a call: the test carries offer and answer from one page to the other.
document.addEventListener('DOMContentLoaded', () => {
  start.onclick = async () => {
    window.stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    window.connection = new RTCPeerConnection();
    stream.getTracks().forEach((track) => connection.addTrack(track, stream));
    connection.ontrack = (event) => { picture.srcObject = event.streams[0]; };
    said.textContent = `ready, ${field.value}`;
  };
});

async function described(description) {
  if (description) await connection.setRemoteDescription(description);
  if (connection.signalingState === 'stable' && description) return null;
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => connection.addEventListener('icegatheringstatechange', resolve, { once: true }));
  }
  return connection.localDescription.toJSON();
}

function stop() {
  stream.getTracks().forEach((track) => track.stop());
  connection.close();
}
