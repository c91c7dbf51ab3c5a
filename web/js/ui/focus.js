// Where the focus goes when what had it has gone from the page: nobody who uses a keyboard should start again at the top.

const PATIENCE_MS = 3_000;

export class Focus {
  constructor() {
    /**
     * What was pressed last outside of any panel, and which of those with its name: where a closed panel gives the focus back to.
     * @type {{test: string, place: number} | undefined}
     */
    this.opener = undefined;
    /** @type {Element | null} */
    this.had = null;
    /**
     * A consultation on its way from the queue to the practitioner's own.
     * @type {{id: string, until: number} | null}
     */
    this.awaited = null;
  }

  start() {
    addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLElement) || target.closest('.sheet, .question')) return;
      const { test } = target.dataset;
      this.opener = test ? { test, place: shown(test).indexOf(target) } : undefined;
    });
  }

  beforeRender() {
    this.had = document.activeElement;
  }

  /** @param {boolean} otherPage */
  afterRender(otherPage) {
    const gone = this.had !== null && this.had !== document.body && !this.had.isConnected;
    if (otherPage) return this.give(heading());
    if (gone) {
      // A request that was refused goes to nobody's own.
      const card = this.had?.closest('.sheet') ? null : /** @type {HTMLElement | null} */ (this.had?.closest('.queue-card'));
      const id = card?.dataset.consultation;
      if (id) this.awaited = { id, until: Date.now() + PATIENCE_MS };
      // In the same batch the page may have given it to something new already.
      else queueMicrotask(() => document.activeElement === document.body && this.give(this.had?.closest('.sheet, .question') ? seen(this.opener) ?? heading() : heading()));
    }
    this.findAwaited();
  }

  findAwaited() {
    if (!this.awaited) return;
    const lost = document.activeElement === document.body;
    const found = lost ? document.querySelector(`[data-test="my-consultation"][data-consultation="${CSS.escape(this.awaited.id)}"] .button`) : null;
    this.give(found);
    if (found || !lost || Date.now() > this.awaited.until) this.awaited = null;
  }

  /** @param {Element | null | undefined} element */
  give(element) {
    if (element instanceof HTMLElement) element.focus();
  }
}

/** @param {{test: string, place: number} | undefined} opener */
function seen(opener) {
  const like = opener ? shown(opener.test) : [];
  return like[Math.min(opener?.place ?? 0, like.length - 1)];
}

/** @param {string} test */
function shown(test) {
  return [...document.querySelectorAll(`[data-test="${CSS.escape(test)}"]`)].filter(isShown);
}

function heading() {
  return ['.desk-call h1', 'main h1'].flatMap((selector) => [...document.querySelectorAll(selector)]).find(isShown);
}

/** @param {Element} element */
function isShown(element) {
  return element.getClientRects().length > 0;
}
