/** The channel on which processes tell each other that there is something for a receiver. */
export const DELIVERIES_CHANNEL = 'sluice_deliveries';
