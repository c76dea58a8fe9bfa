import type { Metadata } from 'next'
import type { MessageKeys, Messages, NamespaceKeys, NestedKeyOf, NestedValueOf } from 'next-intl'
import { getTranslations } from 'next-intl/server'

/** Returns the metadata of a page whose title is a fixed message, independent of its address. */
export const titled =
  <N extends NamespaceKeys<Messages, NestedKeyOf<Messages>>>(
    group: N,
    key: MessageKeys<NestedValueOf<Messages, N>, NestedKeyOf<NestedValueOf<Messages, N>>>,
    more?: Metadata,
  ) =>
  // The parameters' types have checked the key, so one pair stands for all of them here.
  async (): Promise<Metadata> => ({
    title: (await getTranslations(group as 'phones'))(key as 'title'),
    ...more,
  })
