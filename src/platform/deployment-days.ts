/** After how many days a cluster that says nothing is taken to be gone. */
export const DEPLOYMENT_DAYS = 30;
