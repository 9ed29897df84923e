/** What a role may be called; it is a label, and no authority over anything. */
export const ROLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
