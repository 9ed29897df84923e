/**
 * The authority for stops that no build covers. No host calls it: the router loads this bundle from beside its own, and only
 * where a person set an authority.
 */
export { askAuthority } from '../src/gate/ask-authority.ts';
