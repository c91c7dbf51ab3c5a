import { SignallingClient } from '../js/signalling/client.js';
import { example } from './examples.js';

/** A WebSocket without network: the test is the server. */
export class FakeSocket {
  static all = [];
  sent = [];
  constructor(url, subprotocol) {
    this.url = url;
    this.subprotocol = subprotocol;
    FakeSocket.all.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close(code) { this.closed = code; }
  say(message) { this.onmessage({ data: JSON.stringify(message) }); }
  /** Answers the last request of a type. */
  reply(type, answer) {
    const { id } = this.sent.findLast((message) => message.type === type);
    this.say({ re: id, ...answer });
  }
  greet(name = 'hello.reply', change = {}) {
    this.onopen();
    this.reply('hello', { ok: true, body: { ...example(name).message.body, ...change } });
  }
}

/** A client with a connection that was greeted; stopped after the test. */
export function greeted(t) {
  FakeSocket.all = [];
  const heard = { phases: [], hellos: [], resumed: [], events: [], signals: [], errors: [] };
  const client = new SignallingClient({
    url: 'ws://example/v1/ws', WebSocket: FakeSocket, random: () => 0,
    listener: {
      onPhase: (phase, info) => heard.phases.push([phase, info.code]),
      onHello: (hello) => heard.hellos.push(hello),
      onResumed: (resumed) => heard.resumed.push(resumed),
      onSignal: (signal) => heard.signals.push(signal),
      onEvent: (event) => heard.events.push(event),
      onError: (error) => heard.errors.push(error.code),
    },
  });
  t.after(() => client.stop());
  client.start();
  FakeSocket.all[0].greet();
  return { client, heard, socket: () => FakeSocket.all.at(-1) };
}
