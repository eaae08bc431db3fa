import type { Problem } from '../../domain/errors.js';
import type { Environment } from '../../domain/model/entities.js';
import { ResourceService } from '../../platform/resource/resource.service.js';
import { environmentSchema } from '../../schema/environment.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class EnvironmentService extends ResourceService<Environment> {
  constructor(units: UnitOfWork, environments: EnvironmentStore) {
    super({ kind: 'environment', schema: environmentSchema, keyFields: ['name'] }, environments, units);
  }

  protected async rules(): Promise<Problem[]> {
    return [];
  }
}
