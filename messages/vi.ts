export { default as accessibility } from './vi/accessibility.json' with { type: 'json' }
export { default as broken } from './vi/broken.json' with { type: 'json' }
export { default as common } from './vi/common.json' with { type: 'json' }
export { default as errors } from './vi/errors.json' with { type: 'json' }
export { default as faults } from './vi/faults.json' with { type: 'json' }
export { default as help } from './vi/help.json' with { type: 'json' }
export { default as home } from './vi/home.json' with { type: 'json' }
export { default as privacy } from './vi/privacy.json' with { type: 'json' }
