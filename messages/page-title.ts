import type { Metadata } from 'next'
import type { MessageKeys, Messages, NamespaceKeys, NestedKeyOf, NestedValueOf } from 'next-intl'
import { getTranslations } from 'next-intl/server'

/** Makes the metadata of a page whose title is one of our words, whatever its address says. */
export const titled =
  <N extends NamespaceKeys<Messages, NestedKeyOf<Messages>>>(
    group: N,
    key: MessageKeys<NestedValueOf<Messages, N>, NestedKeyOf<NestedValueOf<Messages, N>>>,
    more?: Metadata,
  ) =>
  // The parameters have checked the word: one pair stands for all of them.
  async (): Promise<Metadata> => ({
    title: (await getTranslations(group as 'phones'))(key as 'title'),
    ...more,
  })
