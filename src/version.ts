declare const STOPGATE_VERSION: string | undefined;

/** The version of the package, put in place by the bundler. */
export const VERSION = typeof STOPGATE_VERSION === 'string' ? STOPGATE_VERSION : '0.0.0-dev';
