/** What the browser floor needs of Debian: a browser, and letters for it. */
export const BROWSER_PACKAGES: readonly string[] = ['chromium', 'fonts-dejavu-core'];
