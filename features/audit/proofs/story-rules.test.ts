import { expect, test } from 'vitest'
import { toBase64 } from '#lib/transparency/base64.ts'
import {
  consistencyRanges,
  GrowingTree,
  inclusionRanges,
  leafHash,
  type NodeId,
  rangeHash,
} from '#lib/transparency/tree.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { writeCheckpoint } from '../sealing/rules.ts'
import { checkStory, judgeStory, readStory, STORY_FORMAT, type StoryProof } from './story-rules.ts'

const { sign, publicKey } = ed25519(Buffer.alloc(32, 7))
const log = { name: 'antam/audit', publicKey }
const leaf = (n: number) => `{"act":"việc","caseId":"case-${n % 3}","id":"${100 + n}"}`

function logOf(size: number) {
  const tree = new GrowingTree(sha256)
  const kept = new Map<string, Uint8Array>()
  for (let n = 0; n < size; n++)
    for (const node of tree.add(leafHash(sha256, new TextEncoder().encode(leaf(n)))))
      kept.set(`${node.level}/${node.index}`, node.hash)
  const hashOf = ({ level, index }: NodeId) => kept.get(`${level}/${index}`) as Uint8Array
  const checkpoint = writeCheckpoint(sha256, { size, root: tree.root() }, log, sign)
  const hashes = (ranges: ReturnType<typeof inclusionRanges>) =>
    ranges.map((range) => toBase64(rangeHash(sha256, range, hashOf)))
  return { size, checkpoint, hashes }
}

function storyOf(places: readonly number[], size: number): StoryProof {
  const { checkpoint, hashes } = logOf(size)
  const entries = places.map((index) => ({
    leaf: leaf(index),
    index,
    proof: hashes(inclusionRanges(index, size)),
  }))
  return { format: STORY_FORMAT, caseId: 'case-1', entries, left: 0, size, checkpoint }
}

const check = (story: StoryProof) => checkStory(sha256, verifyEd25519, log, story)
const story = storyOf([1, 4, 7, 10], 12)

test('a story holds line by line, and comes back from its file as it was', async () => {
  expect(readStory(JSON.stringify(story))).toEqual(story)
  expect((await check(story)).holds).toBe(true)
})

test('a line that was changed, swapped or is of another case is named', async () => {
  const at = (line: number) => ({ holds: false, fault: 'entry', line })
  const [one, two, three, four] = story.entries as [never, never, never, never]
  const bent = { ...story.entries[2], leaf: leaf(7).replace('việc', 'khác') } as never
  expect(await check({ ...story, entries: [one, two, bent, four] })).toEqual(at(3))
  expect(await check({ ...story, entries: [one, three, two, four] })).toEqual(at(3))
  expect(await check({ ...story, entries: [one, two, two] })).toEqual(at(3))
  expect(await check(storyOf([1, 5], 12))).toEqual(at(2))
  expect(await check({ ...story, caseId: 'case-2' })).toEqual(at(1))
  expect(await check({ ...story, size: 13 })).toEqual({ holds: false, fault: 'checkpoint' })
})

test('a log that goes on keeps the story; one that was written anew has dropped it', async () => {
  const longer = logOf(20)
  const now = { ...longer, proof: longer.hashes(consistencyRanges(12, 20)) }
  const judge = (answer: typeof now | null) =>
    judgeStory(sha256, verifyEd25519, log, story, {
      consistencyFrom: async () => answer,
      breaks: async () => [],
    })
  expect(await judge(now)).toBe('holds')
  expect(await judge({ ...now, proof: now.proof.toReversed() })).toBe('dropped')
  expect(await judge(null)).toBe('dropped')
})

test.each([
  '',
  'null',
  '{}',
  JSON.stringify({ ...story, entries: [] }),
  JSON.stringify({ ...story, entries: [null] }),
])('what is no story is none', (text) => expect(readStory(text)).toBeNull())
