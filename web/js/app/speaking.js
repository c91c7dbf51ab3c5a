// Who speaks: the level of the sound that arrives, with a pause for breath.

const EVERY_MS = 200;
const BREATH_MS = 900;
const LOUD = 0.03;

/**
 * @param {import('../state/store.js').Store} store
 * @param {import('../call/mesh.js').Mesh} mesh
 */
export function watchSpeaking(store, mesh) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @type {Map<string, number>} */
  const heard = new Map();

  function listen() {
    for (const [seat, { link }] of mesh.links) {
      const sources = link.pc.getReceivers().filter(({ track }) => track.kind === 'audio').flatMap((receiver) => receiver.getSynchronizationSources?.() ?? []);
      if (sources.some(({ audioLevel }) => (audioLevel ?? 0) > LOUD)) heard.set(seat, Date.now());
      const speaking = Date.now() - (heard.get(seat) ?? 0) < BREATH_MS;
      const remote = store.get().remotes[seat];
      if (remote && remote.speaking !== speaking) store.dispatch({ type: 'remote.changed', seat, change: { speaking } });
    }
  }

  /** To be called when there are more or fewer connections. */
  return () => {
    if (mesh.links.size > 0) timer ??= setInterval(listen, EVERY_MS);
    else {
      clearInterval(timer);
      timer = undefined;
      heard.clear();
    }
  };
}
