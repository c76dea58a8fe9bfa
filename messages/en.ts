export { default as accessibility } from './en/accessibility.json' with { type: 'json' }
export { default as broken } from './en/broken.json' with { type: 'json' }
export { default as common } from './en/common.json' with { type: 'json' }
export { default as errors } from './en/errors.json' with { type: 'json' }
export { default as faults } from './en/faults.json' with { type: 'json' }
export { default as help } from './en/help.json' with { type: 'json' }
export { default as home } from './en/home.json' with { type: 'json' }
export { default as privacy } from './en/privacy.json' with { type: 'json' }
