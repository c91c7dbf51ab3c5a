// SHA-256 of a file, by the browser itself.

/** Only an address that is secure (https, or this machine) has it. */
export const canDigest = () => globalThis.crypto?.subtle !== undefined;

/**
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>} hexadecimal
 */
export async function sha256(bytes) {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
