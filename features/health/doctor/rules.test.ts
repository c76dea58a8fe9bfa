import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  above,
  type KeptData,
  ofArchive,
  ofDisk,
  ofReadReplica,
  ofReplicas,
  sayBytes,
  saySeconds,
} from './rules.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [3_210_000_000, '3.2 GB'],
  [9e15, '9000.0 TB'],
])('%s bytes are %s', (bytes, said) => expect(sayBytes(bytes)).toBe(said))

test.each([
  [0, '0 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7_199, '120 min'],
  [7_200, '2 h'],
  [172_800, '2 d'],
])('%s seconds are %s', (seconds, said) => expect(saySeconds(seconds)).toBe(said))

test('a disk is fine, nearly full, full, or not there', () => {
  const states = [50, 9, 4].map((free) => ofDisk('data_disk', { free, size: 100 }).state)
  expect([...states, ofDisk('audit_disk', null).state]).toEqual(['ok', 'look', 'red', 'red'])
})

const kept: KeptData = {
  archiving: true,
  archiveFails: false,
  archived: 40,
  replicas: 1,
  inStep: 1,
  waits: true,
  behind: 0,
}

test('an archive that fails is red, one that is off is something to look at', () => {
  expect(ofArchive(kept)).toEqual({ name: 'wal', state: 'ok', value: '40 s' })
  expect(ofArchive({ ...kept, archiveFails: true })).toMatchObject({ state: 'red' })
  expect(ofArchive({ ...kept, archiving: false, archived: null })).toMatchObject({ state: 'look' })
})

test('a commit that waits for a replica that is gone is red; one that nobody may see is not', () => {
  expect(ofReplicas(kept)).toEqual({ name: 'replicas', state: 'ok', value: '1 (1 synchronous), 0 s' })
  expect(ofReplicas({ ...kept, replicas: 0, inStep: 0, behind: null }).state).toBe('red')
  expect(ofReplicas({ ...kept, inStep: null, behind: null })).toMatchObject({ state: 'ok', value: '1' })
  expect(ofReplicas({ ...kept, behind: 31 }).state).toBe('look')
})

test('what is not good names a document that is there', () => {
  const say = String
  const facts = [
    above('connections', 2, { look: 0, red: 1, alert: 'AnTamConnectionsFull', say }),
    ofArchive({ ...kept, archiveFails: true }),
    ofArchive({ ...kept, archiving: false }),
    ofReplicas({ ...kept, inStep: 0 }),
    ofReplicas({ ...kept, behind: 60 }),
    ofReadReplica({ fault: 'it was promoted', behind: null }),
    ofReadReplica({ fault: null, behind: 61 }),
    ofDisk('data_disk', null),
    ofDisk('audit_disk', null),
  ]
  for (const { state, see } of facts) {
    expect(state).not.toBe('ok')
    expect(existsSync(see ?? '')).toBe(true)
  }
})
