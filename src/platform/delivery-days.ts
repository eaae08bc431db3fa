/** After how many days a delivery of a webhook is forgotten. */
export const DELIVERY_DAYS = 30;
