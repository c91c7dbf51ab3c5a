// Runs in the page before any medium is used, and counts from beside it: the tests need not believe what the page says of itself.
if (!window.witness) {
  const tracks = [];
  const connections = [];

  const keep = (stream) => {
    tracks.push(...stream.getTracks());
    return stream;
  };
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (constraints) => getUserMedia(constraints).then(keep);

  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    if (tracks.includes(this)) tracks.push(copy);
    return copy;
  };

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = new Proxy(Connection, {
    construct(target, parameters) {
      const connection = new target(...parameters);
      connections.push(connection);
      return connection;
    },
  });

  // What goes to the server and comes from it, on the socket.
  const frames = [];
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    frames.push(String(data));
    return send.call(this, data);
  };
  const onmessage = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage');
  Object.defineProperty(WebSocket.prototype, 'onmessage', {
    ...onmessage,
    set(handler) {
      onmessage.set.call(this, handler && ((event) => {
        frames.push(String(event.data));
        return handler.call(this, event);
      }));
    },
  });

  const open = () => connections.filter((connection) => connection.connectionState !== 'closed');
  const framesOf = async (connection) => {
    let frames = 0;
    (await connection.getStats()).forEach((entry) => {
      if (entry.type === 'inbound-rtp' && entry.kind === 'video') frames += entry.framesDecoded ?? 0;
    });
    return frames;
  };
  // The kinds of both candidates of the pair that is used, null while there is none.
  const pathOf = async (connection) => {
    const report = await connection.getStats();
    let pair = null;
    report.forEach((entry) => {
      if (entry.type === 'transport' && entry.selectedCandidatePairId) pair = report.get(entry.selectedCandidatePairId);
      if (entry.type === 'candidate-pair' && entry.selected) pair = entry;
    });
    if (!pair) return null;
    const [local, remote] = [report.get(pair.localCandidateId), report.get(pair.remoteCandidateId)];
    return { local: local?.candidateType, remote: remote?.candidateType, transport: local?.relayProtocol ?? null, fragment: fragmentOf(connection) };
  };
  const fragmentOf = (connection) => /a=ice-ufrag:(\S+)/.exec(connection.currentLocalDescription?.sdp ?? '')?.[1] ?? null;
  // The longest time between two new frames, of whatever connection, in milliseconds.
  const pauses = { longest: 0, frames: 0, at: 0 };
  const look = async () => {
    const frames = (await Promise.all(open().map(framesOf))).reduce((sum, each) => sum + each, 0);
    const now = performance.now();
    pauses.longest = Math.max(pauses.longest, now - pauses.at);
    if (frames > pauses.frames) pauses.at = now;
    // Fewer than before: Firefox begins to count anew when a new way was found.
    pauses.frames = frames;
    if (pauses.watching) setTimeout(look, 100);
  };
  // Frames of video of all connections, second by second.
  const seconds = [];
  let watching;
  const watch = async () => {
    let before = 0;
    const look = async () => {
      const now = (await Promise.all(open().map(framesOf))).reduce((sum, frames) => sum + frames, 0);
      if (watching) seconds.push(now - before);
      before = now;
    };
    await look();
    watching ??= setInterval(look, 1000);
  };
  window.witness = {
    watchPauses: () => { Object.assign(pauses, { at: performance.now(), watching: true }); look(); },
    longestPause: () => { pauses.watching = false; return pauses.longest; },
    watch,
    seconds: () => seconds,
    made: () => connections.length,
    live: () => tracks.filter((track) => track.readyState === 'live').length,
    connections: () => open().length,
    restartIce: () => open().forEach((connection) => connection.restartIce()),
    frames: () => frames.length,
    carried: (word) => frames.filter((frame) => frame.includes(word)).length,
    decoded: () => Promise.all(open().map(framesOf)),
    paths: () => Promise.all(open().map(pathOf)),
  };
}
