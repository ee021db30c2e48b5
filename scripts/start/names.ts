/** Says where the network is: for the page, for its development server and for other tools. */
export const NETWORK_FILE = 'network.json';

/** The page is at `http://decent-cloud.localhost:<port>/`. */
export const PAGE_NAME = 'decent-cloud';
