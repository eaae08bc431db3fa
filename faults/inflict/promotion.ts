import type { Fault } from './fault.js';
import { measureFirstWrite } from './first-write.js';
import { nextAcknowledgement } from './next-acknowledgement.js';

/** The primary is lost for good. */
export const promotion: Fault = {
  name: 'promotion',
  does: 'the primary is lost for good and its synchronous standby promoted; then a new standby is made',
  share: 1,
  inflict: async (scene) => {
    const { cluster } = scene.rig;
    await cluster.inStep();
    await nextAcknowledgement(scene.history);
    const promoted = await cluster.promote();
    scene.tally.count('promotions');
    const said = await measureFirstWrite(scene, 'first write after a promotion', promoted);
    await cluster.rebuildStandby();
    return `${cluster.primary.name} is the primary; ${said}`;
  },
};
