import { dnsLabel } from '../../domain/model/names.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { BundleStore } from '../../store/bundle.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { noEnvironment } from '../../work/edition-source.js';
import { type Preview, previewOf, writePreview } from '../../work/preview-edition.js';
import type { AnswerType } from '../../work/written.js';
import type { CandidateMaker } from './candidate.maker.js';
import type { EditionWork } from './edition-work.js';

/** Shows what publishing the working model of an environment now would do. Stores nothing. */
export class PreviewService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly candidates: CandidateMaker,
    private readonly work: EditionWork,
  ) {}

  /** Refuses (not-found) an environment that does not exist. */
  async preview(ctx: RequestContext, environment: string): Promise<Preview> {
    const large = await this.hold(ctx, environment);
    if (!large) return this.small(environment);
    const latest = await this.bundles.head(this.units.reader, environment);
    return this.work.inThread('previewEdition', { environment, latest });
  }

  /** The same, written: that of a large estate is written where it is made. */
  async writePreview(ctx: RequestContext, environment: string, type: AnswerType): Promise<Uint8Array> {
    const large = await this.hold(ctx, environment);
    if (!large) return writePreview(await this.small(environment), type);
    const latest = await this.bundles.head(this.units.reader, environment);
    return this.work.inThread('writePreviewEdition', { environment, latest, type });
  }

  private hold(ctx: RequestContext, environment: string): Promise<boolean> {
    requireScope(ctx, 'read', environment);
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    return this.work.modelIsLarge();
  }

  private async small(environment: string): Promise<Preview> {
    const source = { kind: 'model' } as const;
    const { latest, edition } = await this.candidates.rendered(this.units.reader, environment, source, 'preview');
    return previewOf(edition, latest);
  }
}
