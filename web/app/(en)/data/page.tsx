import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { DataScreen } from '../../../screens/plain';

const Page = () => <DataScreen language="en" />;

export const metadata = metadataFor(languages.en.words.data.title, 'en');
export default Page;
