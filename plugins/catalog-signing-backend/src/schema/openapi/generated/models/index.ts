//

export * from '../models/CatalogStatement.model';
export * from '../models/DeletePublicationResult.model';
export * from '../models/ErrorError.model';
export * from '../models/ListLogEntries200Response.model';
export * from '../models/ListPublishers200Response.model';
export * from '../models/LogEntry.model';
export * from '../models/ModelError.model';
export * from '../models/Publication.model';
export * from '../models/PublicationSpecsInner.model';
export * from '../models/PublishProblem.model';
export * from '../models/Publisher.model';
export * from '../models/PublisherDetail.model';
export * from '../models/PutPublicationRequest.model';
export * from '../models/PutPublicationRequestSpecsInner.model';
export * from '../models/PutPublicationResult.model';
export * from '../models/SigningKey.model';
