/** The key pair of this device for one kiosk. The private key can be used here, but never exported. */
export interface DeviceKey {
  /** The public part: SPKI in base64url, as the server stores it. */
  readonly publicKey: string
  /** Signs a text. Returns base64url. */
  readonly sign: (text: string) => Promise<string>
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const
const STORE = 'keys'

export async function readDeviceKey(kioskId: string): Promise<DeviceKey | null> {
  const pair = await request<CryptoKeyPair | undefined>('readonly', (store) => store.get(kioskId))
  return pair === undefined ? null : asDeviceKey(pair)
}

export async function makeDeviceKey(kioskId: string): Promise<DeviceKey> {
  const known = await readDeviceKey(kioskId)
  if (known !== null) return known
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  await request('readwrite', (store) => store.put(pair, kioskId))
  return asDeviceKey(pair)
}

export async function asDeviceKey({ privateKey, publicKey }: CryptoKeyPair): Promise<DeviceKey> {
  return {
    publicKey: base64url(await crypto.subtle.exportKey('spki', publicKey)),
    sign: async (text) =>
      base64url(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          privateKey,
          new TextEncoder().encode(text),
        ),
      ),
  }
}

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

function request<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('an-tam-kiosk', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const work = database.transaction(STORE, mode)
      const asked = act(work.objectStore(STORE))
      work.oncomplete = () => {
        database.close()
        resolve(asked.result as T)
      }
      work.onabort = () => {
        database.close()
        reject(work.error)
      }
    }
  })
}
